//! Statements, one after the other, and where they go on after a wait.

use chatflow_compiler::hir::{Arm, Call, Statement, StatementKind};
use chatflow_runtime::id::{PlaceId, Slot, Step};
use chatflow_runtime::image::Scope;
use chatflow_runtime::value::Type;
use chatflow_runtime::{Effect, End, Value};

use super::chat::{Held, Player};
use super::places::{Here, blocks, here};

/// How a stretch of statements ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// It ran to its end.
    Ran,
    /// It went elsewhere, waits, or the flow is over.
    Left,
}

impl<'f> Player<'f> {
    /// Goes to a step for good: nobody is come back to.
    pub(super) fn step(&mut self, step: Step) {
        self.chat.callers.clear();
        if self.inside(step) == Ended::Ran {
            self.complete(End::Finished);
        }
    }

    /// Runs a step's statements.
    fn inside(&mut self, step: Step) -> Ended {
        let flow = self.flow;
        match flow.steps.get(step.index()) {
            Some(step) => self.run(&step.body),
            None => {
                self.fault("there is no such step".to_owned());
                Ended::Left
            }
        }
    }

    /// Runs a step, and is there again at its end.
    fn call(&mut self, call: Call) -> Ended {
        self.carry(call.place);
        self.chat.callers.push(call.place);
        let ended = self.inside(call.step);
        if ended == Ended::Ran {
            self.chat.callers.pop();
        }
        ended
    }

    fn run(&mut self, body: &'f [Statement]) -> Ended {
        for statement in body {
            if self.statement(statement) == Ended::Left {
                return Ended::Left;
            }
        }
        Ended::Ran
    }

    fn statement(&mut self, statement: &'f Statement) -> Ended {
        match &statement.kind {
            StatementKind::Say(bubbles, media) => {
                for bubble in bubbles {
                    let text = self.text(bubble);
                    self.effect(Effect::Say { text });
                }
                for media in media {
                    let url = self.text(&media.url);
                    let words = media.words.as_ref().map(|words| self.text(words)).unwrap_or_default();
                    self.effect(Effect::Show { media: media.kind, url, words });
                }
                Ended::Ran
            }
            StatementKind::Set { slot, value, failed } => match (self.value(value), failed) {
                (Some(value), _) => {
                    self.store(*slot, value);
                    Ended::Ran
                }
                (None, Some(arm)) => self.arm(Some(arm)),
                (None, None) => {
                    if !value.may_fail() {
                        self.fault(format!("an unknown value is stored: {value:?}"));
                    }
                    self.fail(End::Error);
                    Ended::Left
                }
            },
            StatementKind::Clear { slot } => {
                self.clear(*slot);
                Ended::Ran
            }
            StatementKind::Wait(pause) => {
                self.enter(pause.place);
                Ended::Left
            }
            StatementKind::Do(call) => self.call(*call),
            StatementKind::If { arms, otherwise, .. } => {
                for (condition, body) in arms {
                    if self.holds(condition) {
                        return self.run(body);
                    }
                }
                otherwise.as_ref().map_or(Ended::Ran, |body| self.run(body))
            }
            StatementKind::Go(step, _) => {
                self.step(*step);
                Ended::Left
            }
            StatementKind::End => {
                self.complete(End::Finished);
                Ended::Left
            }
            StatementKind::Ask(ask) => self.ask(ask),
            StatementKind::Act(act) => self.act(act),
            StatementKind::Hole => {
                self.fault("a statement with an error is run".to_owned());
                Ended::Ran
            }
        }
    }

    pub(super) fn arm(&mut self, arm: Option<&'f Arm>) -> Ended {
        match arm {
            None | Some(Arm::Next) => Ended::Ran,
            Some(Arm::Step(step, _)) => {
                self.step(*step);
                Ended::Left
            }
            Some(Arm::Block(body)) => self.run(body),
        }
    }

    pub(super) fn store(&mut self, slot: Slot, value: Value) {
        let Some(def) = self.image.slots.get(slot.index()) else { return };
        // One option where several may stand is several that are one.
        let value = match (def.ty, value) {
            (Type::ManyOf(_), Value::Option(one)) => Value::Options(vec![one]),
            (_, value) => value,
        };
        if def.scope != Scope::Local {
            let property = self.string(def.name);
            let value = self.for_the_crm(def.ty, &value);
            self.effect(Effect::Set { property, value });
        }
        self.chat.cleared.remove(&slot);
        self.chat.values.insert(slot, Held { value, carried: false });
    }

    /// A property that is cleared stays unknown, whatever the host says.
    fn clear(&mut self, slot: Slot) {
        let Some(def) = self.image.slots.get(slot.index()) else { return };
        self.chat.values.remove(&slot);
        if def.scope != Scope::Local {
            let property = self.string(def.name);
            self.effect(Effect::Clear { property });
            self.chat.cleared.insert(slot);
        }
    }

    /// The value with the CRM's own names of options.
    pub(super) fn for_the_crm(&self, ty: Type, value: &Value) -> Value {
        let own = |name: &String| {
            let option =
                self.image.options_of(ty)?.options.iter().find(|option| self.string(option.name) == *name)?;
            Some(self.string(option.value))
        };
        match value {
            Value::Option(name) => Value::Option(own(name).unwrap_or_default()),
            Value::Options(names) => {
                Value::Options(names.iter().map(|name| own(name).unwrap_or_default()).collect())
            }
            other => other.clone(),
        }
    }

    /// Goes on from a place by an arm: runs it, and then what stands after the place in the tree.
    pub(super) fn go_on(&mut self, place: PlaceId, arm: Option<&'f Arm>) {
        let flow = self.flow;
        let mut ended = flow.steps.iter().find_map(|step| self.rest(&step.body, place, arm));
        // At the end of a step, its caller goes on.
        while ended == Some(Ended::Ran) {
            let Some(caller) = self.chat.callers.pop() else { return self.complete(End::Finished) };
            ended = flow.steps.iter().find_map(|step| self.rest(&step.body, caller, None));
            if ended.is_none() {
                self.fault("a caller is not there".to_owned());
            }
        }
    }

    /// The rest of a block after the place, if the place is in it.
    fn rest(&mut self, body: &'f [Statement], place: PlaceId, arm: Option<&'f Arm>) -> Option<Ended> {
        for (at, statement) in body.iter().enumerate() {
            if let Some(ended) = self.rest_within(statement, place, arm) {
                return Some(match (ended, body.get(at + 1..)) {
                    (Ended::Ran, Some(after)) => self.run(after),
                    (ended, _) => ended,
                });
            }
        }
        None
    }

    fn rest_within(
        &mut self,
        statement: &'f Statement,
        place: PlaceId,
        arm: Option<&'f Arm>,
    ) -> Option<Ended> {
        match here(statement) {
            Some(Here::Ask(ask)) if ask.place == place => return Some(self.arm(arm)),
            Some(Here::Act(act)) if act.place == place => return Some(self.arm(arm)),
            Some(Here::Pause(pause)) if pause.place == place => return Some(Ended::Ran),
            _ => {}
        }
        if let StatementKind::Do(call) = &statement.kind
            && call.place == place
        {
            return Some(Ended::Ran);
        }
        blocks(statement).into_iter().find_map(|block| self.rest(block, place, arm))
    }
}
