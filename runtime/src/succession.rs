//! What has taken over from the places and replies of older versions: steps that were renamed with `was`, and the
//! places in them.

use alloc::collections::BTreeMap;
use alloc::format;

use crate::id::{PlaceId, ReplyId, Step, Str};
use crate::image::{Arm, AskDef, ReplyDef, SiteDef, Wait};
use crate::program::Program;
use crate::session::{Session, State};

/// The place that a place is now, if it stood in a step that has been renamed since.
pub(crate) fn place_now(program: &Program, place: PlaceId) -> PlaceId {
    renamed_to(program, place, |place| program.site(place).is_some())
}

/// The place that a place which runs a step is now, if its own step or the one that it runs has been renamed since.
pub(crate) fn return_place_now(program: &Program, place: PlaceId) -> PlaceId {
    let known = |place| program.return_site(place).is_some();
    let moved = renamed_to(program, place, known);
    if known(moved) { moved } else { runs_under_a_new_name(program, place).unwrap_or(place) }
}

/// The place that runs a step under its new name, as this place did under a former one.
fn runs_under_a_new_name(program: &Program, place: PlaceId) -> Option<PlaceId> {
    let image = program.image();
    let string = |at: &Str| image.strings.get(*at);
    let mut counts: BTreeMap<(Step, Step), u32> = BTreeMap::new();
    for def in &image.sites {
        let Wait::Do(callee) = def.wait else { continue };
        let count = counts.entry((def.step, callee)).or_insert(0);
        let nth = *count;
        *count += 1;
        let (Some(own), Some(run)) = (image.steps.get(def.step.index()), image.steps.get(callee.index()))
        else {
            continue;
        };
        let was = |run: &Str| {
            let what = format!("do {}", string(run));
            let names = own.was.iter().chain([&own.name]);
            names.into_iter().any(|name| PlaceId::of(string(name), &what, nth) == place)
        };
        if run.was.iter().any(was) {
            return Some(def.id);
        }
    }
    None
}

fn renamed_to(program: &Program, place: PlaceId, is_there: impl Fn(PlaceId) -> bool) -> PlaceId {
    if is_there(place) {
        return place;
    }
    let heir = heir(program, place).map(|(_, name)| place.moved_to(name));
    heir.filter(|moved| is_there(*moved)).unwrap_or(place)
}

/// The step that has taken over from the one where a place stood, with its name.
pub(crate) fn heir(program: &Program, place: PlaceId) -> Option<(Step, &str)> {
    let image = program.image();
    let string = |at: &Str| image.strings.get(*at);
    let at = image.steps.iter().position(|step| step.was.iter().any(|was| place.is_in(string(was))))?;
    Some((Step(at as u32), string(&image.steps.get(at)?.name)))
}

/// A place that runs a step and comes back, and the step.
pub(crate) fn caller(program: &Program, place: PlaceId) -> Option<(&SiteDef, Step)> {
    let def = program.site_def(program.return_site(place)?)?;
    match def.wait {
        Wait::Do(step) => Some((def, step)),
        Wait::Ask(_) | Wait::Act(_) | Wait::Pause(_) => None,
    }
}

/// The first link at which the chain of steps that run each other is torn: the number of a caller, or theirs all
/// for the place where the chat waits. Each place must stand in the step that the caller before it runs.
pub(crate) fn torn(program: &Program, session: &Session) -> Option<usize> {
    let mut inside: Option<Step> = None;
    for (nth, place) in session.callers.iter().enumerate() {
        match caller(program, *place) {
            Some((def, step)) if inside.is_none_or(|inside| def.step == inside) => inside = Some(step),
            Some(_) | None => return Some(nth),
        }
    }
    let State::At(place) = session.state else { return Some(session.callers.len()) };
    let here = program.site(place).and_then(|site| program.site_def(site));
    let fits = here.is_some_and(|def| inside.is_none_or(|inside| def.step == inside));
    (!fits).then_some(session.callers.len())
}

impl Program {
    /// What a reply of a question is called by now, if the question still has it.
    pub fn reply_now(&self, place: PlaceId, id: ReplyId) -> Option<ReplyId> {
        let Wait::Ask(ask) = &self.site_def(self.site(place)?)?.wait else { return None };
        Some(ask.replies.get(self.reply_at(ask, id)?)?.id)
    }

    /// The reply of a question that has this id, or had it while the step it leads to had a former name.
    pub(crate) fn reply_at(&self, ask: &AskDef, id: ReplyId) -> Option<usize> {
        let image = self.image();
        let leads_to = |arm: Arm| match arm {
            Arm::Step(step) => image.steps.get(step.index()),
            Arm::Next | Arm::Block(_) => None,
        };
        // A module keeps to itself, so its name is no part of an id.
        let plain = |name: &Str| {
            let name = image.strings.get(*name);
            name.rsplit('.').next().unwrap_or(name)
        };
        // Others that lead there have their ids from what they store.
        let had = |reply: &ReplyDef| {
            let (Some(step), label) = (leads_to(reply.arm), image.strings.get(reply.label)) else {
                return false;
            };
            let own = ReplyId::leading_to(plain(&step.name));
            step.was.iter().map(|was| ReplyId::leading_to(plain(was))).any(|was| {
                reply.id == own && was == id || reply.id == own.beside(label) && was.beside(label) == id
            })
        };
        let is = ask.replies.iter().position(|reply| reply.id == id);
        is.or_else(|| ask.replies.iter().position(had))
    }
}
