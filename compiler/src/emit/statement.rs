//! Statements, and the places where a chat waits.

use chatflow_runtime::id::{Addr, PlaceId, Site, Slot};
use chatflow_runtime::image::{
    ActDef, Arm as ArmDef, AskDef, GivenDef, GivenFrom, GivenPiece, ReplyDef, ResultDef, SiteDef, TalkDef,
    Wait,
};
use chatflow_runtime::op::Op;
use chatflow_runtime::value::Type;

use super::Emitter;
use crate::hir::{Act, Arm, Ask, Condition, GivenPart, GivenValue, Statement, StatementKind, TextValue};
use crate::source::Span;

impl<'a> Emitter<'a> {
    pub(super) fn block(&mut self, body: &'a [Statement]) {
        for statement in body {
            self.line(statement.span);
            self.place = Some(statement.span);
            self.statement(&statement.kind);
        }
    }

    /// Notes the line of the instructions that come.
    fn line(&mut self, span: Span) {
        let line = self.here_file.lines.line(span.start) + 1;
        let here = self.here();
        if self.lines.last().is_none_or(|(at, _)| *at < here) {
            self.lines.push((here, line));
        }
    }

    fn statement(&mut self, kind: &'a StatementKind) {
        match kind {
            StatementKind::Say(bubbles, media) => {
                for bubble in bubbles {
                    self.text(bubble);
                    self.op(Op::Say);
                }
                for media in media {
                    self.text(&media.url);
                    let nothing = TextValue { span: media.span, pieces: Vec::new() };
                    self.text(media.words.as_ref().unwrap_or(&nothing));
                    self.op(Op::Show(media.kind));
                }
            }
            StatementKind::Set { slot, value, failed } => {
                self.value(value);
                match failed {
                    None => self.op(Op::Set(*slot)),
                    Some(arm) => self.set_or(*slot, arm),
                }
            }
            StatementKind::Clear { slot } => self.op(Op::Clear(*slot)),
            StatementKind::Wait(pause) => self.come_to(pause.place, Wait::Pause(pause.ms), Op::Wait),
            StatementKind::Do(call) => self.come_to(call.place, Wait::Do(call.step), Op::Do),
            StatementKind::If { arms, otherwise, conditions } => {
                self.branches(arms, otherwise.as_deref(), conditions);
            }
            StatementKind::Go(step, _) => self.op(Op::Go(*step)),
            StatementKind::End => self.op(Op::End),
            StatementKind::Ask(ask) => self.ask(ask),
            StatementKind::Act(act) => self.act(act),
            StatementKind::Hole => {}
        }
    }

    /// Stores the value on the stack, or takes the arm where it is unknown.
    fn set_or(&mut self, slot: Slot, failed: &'a Arm) {
        let unknown = self.jump(Op::UnlessKnown);
        self.op(Op::Set(slot));
        let stored = self.jump(Op::Jump);
        self.land(unknown);
        match failed {
            Arm::Next => {}
            Arm::Step(step, _) => self.op(Op::Go(*step)),
            Arm::Block(body) => self.block(body),
        }
        self.land(stored);
    }

    fn branches(
        &mut self,
        arms: &'a [(Condition, Vec<Statement>)],
        otherwise: Option<&'a [Statement]>,
        conditions: &[Span],
    ) {
        let mut ends = Vec::with_capacity(arms.len());
        for (nth, (condition, body)) in arms.iter().enumerate() {
            if let Some(span) = conditions.get(nth) {
                self.line(*span);
            }
            self.condition(condition);
            let skip = self.jump(Op::JumpUnless);
            self.block(body);
            let last = nth + 1 == arms.len() && otherwise.is_none();
            if !last && !leaves(body) {
                ends.push(self.jump(Op::Jump));
            }
            self.land(skip);
        }
        if let Some(body) = otherwise {
            self.block(body);
        }
        for end in ends {
            self.land(end);
        }
    }

    /// A place that goes on with the next statement alone.
    fn come_to(&mut self, place: PlaceId, wait: Wait, op: fn(Site) -> Op) {
        let site = Site(self.tables.image.sites.len() as u32);
        self.reserve_site(place);
        self.op(op(site));
        let next = self.here();
        self.fill_site(site, next, None, wait);
    }

    fn ask(&mut self, ask: &'a Ask) {
        // Only true skips; of something unknown, the question is asked.
        let skip = ask.skip.as_ref().map(|(condition, _)| {
            self.condition(condition);
            let asked = self.jump(Op::JumpUnless);
            let skipped = self.jump(Op::Jump);
            self.land(asked);
            skipped
        });
        self.text(&ask.text);
        let site = Site(self.tables.image.sites.len() as u32);
        self.reserve_site(ask.place);
        self.op(Op::Ask(site));
        let next = self.here();
        let mut blocks = Blocks::default();
        let replies: Vec<ReplyDef> = ask
            .replies
            .iter()
            .map(|reply| ReplyDef {
                id: reply.id,
                label: reply.label,
                value: reply.value,
                arm: self.arm(&reply.arm, &mut blocks),
            })
            .collect();
        let otherwise = ask.otherwise.as_ref().map(|arm| self.arm(arm, &mut blocks));
        let attempts = ask.attempts.as_ref().map(|(count, arm)| (*count, self.arm(arm, &mut blocks)));
        let timeout = ask.timeout.as_ref().map(|(ms, arm, _)| (*ms, self.arm(arm, &mut blocks)));
        self.close(blocks);
        for locale in &mut self.locales {
            locale.replies(site, ask);
        }
        if let Some(invalid) = &ask.invalid {
            self.invalid_texts.push((site, invalid));
        }
        let wait =
            Wait::Ask(AskDef { target: ask.target, ty: ask.ty, replies, otherwise, invalid: None, attempts });
        self.fill_site(site, next, timeout, wait);
        if let Some(skip) = skip {
            self.land(skip);
        }
    }

    fn act(&mut self, act: &'a Act) {
        let start = self.here();
        for (_, value) in &act.arguments {
            self.value(value);
        }
        for value in act.given.iter().flat_map(|given| given.value.values()) {
            self.value(value);
        }
        let site = Site(self.tables.image.sites.len() as u32);
        self.reserve_site(act.place);
        let arguments = act.arguments.iter().map(|(argument, _)| *argument).collect();
        let given = act.given.iter().map(|given| GivenDef {
            part: given.part,
            name: given.name,
            from: given_from(&given.value),
        });
        let results = act.results.iter().map(|saved| ResultDef { path: saved.path, slot: saved.slot });
        let def = ActDef {
            arguments,
            given: given.collect(),
            results: results.collect(),
            deadline: act.deadline,
            ..ActDef::of(act.action, act.object)
        };
        if let Some(place) = self.tables.image.sites.get_mut(site.index()) {
            place.wait = Wait::Act(def.clone());
        }
        self.op(Op::Act(site));
        let next = self.here();
        let mut blocks = Blocks::default();
        let outcomes =
            act.outcomes.iter().map(|(outcome, arm)| (*outcome, self.arm(arm, &mut blocks))).collect();
        let talk = act.talk.as_ref().map(|talk| TalkDef {
            nexts: talk.nexts.iter().map(|(name, arm, _)| (*name, self.arm(arm, &mut blocks))).collect(),
            asks: talk.asks.then_some(start),
        });
        let timeout = act.timeout.as_ref().map(|(ms, arm, _)| (*ms, self.arm(arm, &mut blocks)));
        self.close(blocks);
        self.fill_site(site, next, timeout, Wait::Act(ActDef { outcomes, talk, ..def }));
    }

    /// An arm's block stands behind the waiting instruction; what goes on with the next statement jumps over all of
    /// them.
    fn arm(&mut self, arm: &'a Arm, blocks: &mut Blocks) -> ArmDef {
        match arm {
            Arm::Next => ArmDef::Next,
            Arm::Step(step, _) => ArmDef::Step(*step),
            Arm::Block(body) => {
                if blocks.over.is_none() {
                    blocks.over = Some(self.jump(Op::Jump));
                }
                let start = self.here();
                self.block(body);
                if !leaves(body) {
                    let end = self.jump(Op::Jump);
                    blocks.ends.push(end);
                }
                ArmDef::Block(start)
            }
        }
    }

    fn close(&mut self, blocks: Blocks) {
        for at in blocks.over.into_iter().chain(blocks.ends) {
            self.land(at);
        }
    }

    fn reserve_site(&mut self, id: PlaceId) {
        let keeps = self.facts.keeps.get(&id).cloned().unwrap_or_default();
        let wait = Wait::Ask(AskDef {
            target: None,
            ty: Type::Text,
            replies: Vec::new(),
            otherwise: None,
            invalid: None,
            attempts: None,
        });
        self.tables.image.sites.push(SiteDef {
            id,
            step: self.step,
            next: Addr(0),
            keeps,
            timeout: None,
            wait,
        });
    }

    fn fill_site(&mut self, site: Site, next: Addr, timeout: Option<(i64, ArmDef)>, wait: Wait) {
        if let Some(place) = self.tables.image.sites.get_mut(site.index()) {
            place.next = next;
            place.timeout = timeout;
            place.wait = wait;
        }
    }
}

/// The blocks behind a waiting instruction: the jump over them, and the jumps at their ends.
#[derive(Default)]
struct Blocks {
    over: Option<usize>,
    ends: Vec<usize>,
}

/// Whether a block's last statement leaves it for good.
fn leaves(body: &[Statement]) -> bool {
    matches!(body.last().map(|last| &last.kind), Some(StatementKind::Go(..) | StatementKind::End))
}

fn given_from(value: &GivenValue) -> GivenFrom {
    match value {
        GivenValue::Value(_, ty) => GivenFrom::Value(*ty),
        GivenValue::Pieces(pieces) => {
            let piece = |piece: &GivenPart| match piece {
                GivenPart::Words(words) => GivenPiece::Words(*words),
                GivenPart::Value(_, ty) => GivenPiece::Value(*ty),
            };
            GivenFrom::Pieces(pieces.iter().map(piece).collect())
        }
        GivenValue::Secret(secret) => GivenFrom::Secret(*secret),
    }
}
