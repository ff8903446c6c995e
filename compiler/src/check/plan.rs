//! What the workspace allows: its plan, the seats of its users, its privacy.

use chatflow_runtime::action::ObjectKind;
use chatflow_runtime::image::ObjectDef;
use chatflow_runtime::plan::{Feature, Plan};

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::token::Kind;
use crate::tree::Item;
use crate::workspace::{SEATS, Thing, ThingInfo};

/// So many further places of one finding are shown: the rest is more of the same.
const PLACES: usize = 3;

impl Checker<'_> {
    /// Notes the use of something that only some plans have.
    pub(super) fn uses(&mut self, plan: Plan, words: &'static str, span: Span) {
        // What a module uses of the plan was reported there: its workspace is the flow's.
        if self.names.linked {
            return;
        }
        self.uses.entry(words).or_insert((plan, Vec::new())).1.push(span);
    }

    pub(super) fn uses_feature(&mut self, feature: Feature, span: Span) {
        let spec = feature.spec();
        self.uses(spec.plan, spec.words, span);
    }

    /// Reports what is above the workspace's plan, each thing once.
    pub(super) fn within_plan(&mut self) {
        let Some((has, plan_at)) = self.names.workspace.and_then(|workspace| workspace.plan) else { return };
        for (words, (needs, places)) in &self.uses {
            let Some((first, more)) = places.split_first().filter(|_| *needs > has) else { continue };
            let mut found = Diagnostic::new(
                Code::AbovePlan,
                *first,
                format!("the plan `{}` does not have `{words}`", has.word()),
            )
            .here(format!("needs the plan `{}`", needs.word()))
            .label(plan_at, "the workspace's plan")
            .help(format!(
                "Do without it, or write `plan {}` in the workspace file once you have that plan.",
                needs.word()
            ))
            .suggest(format!("write `plan {}`", needs.word()), plan_at, needs.word());
            for place in more.iter().take(PLACES) {
                found = found.label(*place, "and here");
            }
            self.found.push(found);
        }
    }

    /// Who takes over a chat needs a seat, where the workspace says who has one.
    pub(super) fn seats(&mut self, object: &ObjectDef, span: Span) {
        let Some(workspace) = self.names.workspace.filter(|workspace| workspace.knows_seats()) else {
            return;
        };
        let name = self.tables.image.strings.get(object.name);
        match object.kind {
            ObjectKind::User => {
                let Some(user) = workspace.thing(Thing::User, name).filter(|user| user.seat.is_none()) else {
                    return;
                };
                let mut found =
                    Diagnostic::new(Code::NoSeat, span, format!("the user `{name}` has no seat"))
                        .here("cannot take a chat")
                        .label(user.span, "declared without a seat")
                        .help("Hand off to somebody else, or write the seat in the workspace file: `{ seat sales }`.");
                if let Some(at) = user.blockless {
                    for seat in SEATS {
                        found =
                            found.suggest(format!("write `seat {seat}`"), at, format!(" {{ seat {seat} }}"));
                    }
                }
                self.found.push(found);
            }
            ObjectKind::Team => {
                let Some(team) = workspace.thing(Thing::Team, name) else { return };
                let has_seat = |(member, _): &(String, Span)| {
                    workspace.thing(Thing::User, member).is_none_or(|user: &ThingInfo| user.seat.is_some())
                };
                // Who is in a team that names no members, only the host knows.
                if team.names.is_empty() || team.names.iter().any(has_seat) {
                    return;
                }
                let found = Diagnostic::new(
                    Code::NobodySeated,
                    span,
                    format!("nobody in the team `{name}` has a seat"),
                )
                .here("nobody there can take a chat")
                .label(team.span, "its members have no seats")
                .help("Write the seats of its members in the workspace file, or hand off to another team.");
                self.found.push(found);
            }
            ObjectKind::Meeting
            | ObjectKind::Pipeline
            | ObjectKind::ContactOwner
            | ObjectKind::Unassigned
            | ObjectKind::List
            | ObjectKind::Subscription
            | ObjectKind::Workflow
            | ObjectKind::Article
            | ObjectKind::Knowledge
            | ObjectKind::Function
            | ObjectKind::Webhook
            | ObjectKind::Secret => {}
        }
    }

    /// Where privacy is strict, a flow says what the visitor agrees to.
    pub(super) fn privacy(&mut self) {
        let Some(strict) = self.names.workspace.and_then(|workspace| workspace.strict) else { return };
        let mut name = None;
        for (view, item) in self.names.file.views() {
            match item {
                Item::Header { name: at, title, .. } => {
                    let end = title.as_ref().map_or(view.at(*at), |title| view.span(title.range));
                    name = name.or(Some((view.at(*at), end.at_end())));
                }
                // A block that says nothing asks for nothing; one that could not be read was reported.
                Item::Declaration { head, block, .. }
                    if view.kind(*head) == Some(Kind::Consent)
                        && block.as_ref().is_none_or(|lines| !lines.is_empty()) =>
                {
                    return;
                }
                Item::Error if view.kind(0) == Some(Kind::Consent) => return,
                _ => {}
            }
        }
        let Some((name, end)) = name else { return };
        let found = Diagnostic::new(Code::MissingConsent, name, "this flow does not say what the visitor agrees to")
            .here("no `consent { … }`")
            .label(strict, "the workspace asks for it")
            .help("Add `consent { processing explicit }`, or `processing legitimate_interest`, with a text if you like.")
            .suggest("add `consent`", end, "\n\nconsent {\n  processing explicit\n}");
        self.found.push(found);
    }
}
