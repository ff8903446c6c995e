//! Targeting: which flow a page shows.

use alloc::vec::Vec;

use crate::availability::is_available;
use crate::eval::Eval;
use crate::facts::Facts;
use crate::id::FlowId;
use crate::observe::Nobody;
use crate::program::Program;
use crate::session::Session;
use crate::turn::Timestamp;
use crate::world::World;

/// The flow that a page shows: of those that show here the one with the highest priority, among equals the first
/// by name. The choice does not look at availability; if the chosen flow shows only `when_available` and nobody
/// is, nothing shows.
pub fn select(programs: &[&Program], facts: &Facts, now: Timestamp) -> Option<FlowId> {
    let mut winner: Option<&Program> = None;
    for program in programs.iter().filter(|program| shows(program, facts, now)) {
        let priority = |program: &Program| program.image().flow.priority;
        let better =
            winner.is_none_or(|best| (priority(program), best.name()) > (priority(best), program.name()));
        if better {
            winner = Some(program);
        }
    }
    winner.filter(|program| is_available(program, facts, now)).map(Program::flow_id)
}

/// Whether the flow wants to show: on this channel, where any `show when` holds (or there is none) and no
/// `hide when` does.
pub fn shows(program: &Program, facts: &Facts, now: Timestamp) -> bool {
    let world = World { program, facts, now };
    if !world.on_channel() {
        return false;
    }
    let image = program.image();
    let session = Session::new(program.flow_id(), program.content_hash(), now);
    let mut eval = Eval::new(world, program.speech_for(facts));
    let mut hold =
        |fragment| eval.condition(fragment, &session, &mut Nobody).is_ok_and(|truth| truth.holds());
    let shown = image.show.is_empty() || image.show.iter().any(|fragment| hold(*fragment));
    shown && !image.hide.iter().any(|fragment| hold(*fragment))
}

/// The flows that want to show, in the order in which [`select`] prefers them: for tools that explain a choice.
pub fn candidates<'p>(programs: &[&'p Program], facts: &Facts, now: Timestamp) -> Vec<&'p Program> {
    let mut shown: Vec<&Program> =
        programs.iter().copied().filter(|program| shows(program, facts, now)).collect();
    shown.sort_by_key(|program| (core::cmp::Reverse(program.image().flow.priority), program.name()));
    shown
}
