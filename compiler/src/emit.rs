//! Checked flow to program.
//!
//! Steps are emitted one after the other; inside a step every jump goes ahead, so a step ends, and only `Go` leads
//! back. The blocks of choices and outcomes stand right behind the instruction that waits.

mod locale;

use std::collections::BTreeSet;

use chatflow_runtime::MAX_STACK;
use chatflow_runtime::id::{Addr, Fragment, PlaceId, Site, Slot, Step, Text};
use chatflow_runtime::image::{
    ActDef, AnytimeDef, Arm as ArmDef, AskDef, CodeRange, Debug, Image, Piece, ReplyDef, SiteDef, StepDef,
    Template, Wait,
};
use chatflow_runtime::op::{Ahead, Op};
use chatflow_runtime::wire::Writer;

use crate::check::{Checked, TestLine, TestStep};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::File;
use crate::hir::{
    Act, Arithmetic, Arm, Ask, Condition, Flow, Statement, StatementKind, Test, TextPart, TextValue, Value,
};
use crate::paths::{Calls, PathFacts};
use crate::project::Suite;
use crate::source::Span;
use crate::tables::Tables;
use locale::Locale;

/// The most bytes that a step's instructions may take: a jump holds a distance of 16 bits.
const MAX_STEP: usize = u16::MAX as usize;

/// The most instructions that a step with those it runs may have, so that a turn can run through it several times.
const MOST_AT_ONCE: u32 = 20_000;

/// The program of a flow without errors. A step that is too long to be one is a finding.
pub fn emit(checked: &Checked, facts: &PathFacts, file: &File) -> Result<Image, Box<Diagnostic>> {
    Emitter::new(&checked.flow, checked.flow_tables.clone(), facts, file).run()
}

/// The program of a flow together with the conditions of its tests.
pub fn emit_suite(checked: &Checked, facts: &PathFacts, file: &File) -> Result<Suite, Box<Diagnostic>> {
    let mut emitter = Emitter::new(&checked.flow, checked.tables.clone(), facts, file);
    emitter.test_conditions = &checked.test_conditions;
    let image = emitter.run()?;
    let first = image.fragments.len().saturating_sub(checked.test_conditions.len()) as u32;
    let mut tests = checked.tests.clone();
    for line in tests.iter_mut().flat_map(|test| test.lines.iter_mut()) {
        if let TestLine { what: TestStep::Expect(at), .. } = line {
            *at = Fragment(at.0 + first);
        }
    }
    Ok(Suite { image, tests })
}

struct Emitter<'a> {
    flow: &'a Flow,
    tables: Tables,
    facts: &'a PathFacts,
    file: &'a File,
    test_conditions: &'a [Condition],
    locales: Vec<Locale<'a>>,
    code: Writer,
    /// Instructions of the step that is emitted, for the longest run.
    count: u32,
    /// Cells on the stack now, and the most there ever were.
    depth: u32,
    max_depth: u32,
    lines: Vec<(Addr, u32)>,
    step: Step,
    /// The texts for answers that cannot be taken; they are fragments, which come after the steps.
    invalid_texts: Vec<(Site, &'a TextValue)>,
    /// The first step that is too long.
    too_long: Option<Span>,
    /// What is emitted, and the first of it that needs a larger stack than there is.
    place: Option<Span>,
    too_deep: Option<Span>,
}

impl<'a> Emitter<'a> {
    fn new(flow: &'a Flow, tables: Tables, facts: &'a PathFacts, file: &'a File) -> Emitter<'a> {
        Emitter {
            flow,
            tables,
            facts,
            file,
            test_conditions: &[],
            locales: Locale::all(flow),
            code: Writer::default(),
            count: 0,
            depth: 0,
            max_depth: 0,
            lines: Vec::new(),
            step: Step(0),
            invalid_texts: Vec::new(),
            too_long: None,
            place: None,
            too_deep: None,
        }
    }

    fn run(mut self) -> Result<Image, Box<Diagnostic>> {
        let flow = self.flow;
        let mut counts = Vec::with_capacity(flow.steps.len());
        for (nth, body) in flow.steps.iter().enumerate() {
            self.step = Step(nth as u32);
            self.count = 0;
            let start = self.here();
            self.block(&body.body);
            self.op(Op::Finish);
            counts.push(self.count);
            let code = CodeRange { start, end: self.here() };
            if (code.end.0 - code.start.0) as usize > MAX_STEP {
                self.too_long.get_or_insert(body.span);
            }
            let name = self.tables.str(&body.name);
            let was = body.was.iter().map(|(name, _)| self.tables.str(name)).collect();
            self.tables.image.steps.push(StepDef { name, was, code });
        }
        self.outside();
        if let Some(found) = self.too_much(&counts) {
            return Err(Box::new(found));
        }
        if let Some(span) = self.too_long {
            return Err(Box::new(
                Diagnostic::new(Code::TooDeep, span, "this step is too long")
                    .here("more than 65,535 bytes of instructions")
                    .help("Split it: end it with `-> NEXT` and go on in a step of its own."),
            ));
        }
        if let Some(span) = self.too_deep {
            return Err(Box::new(
                Diagnostic::new(Code::TooDeep, span, "this holds too many values at once")
                    .here(format!("more than {MAX_STACK}"))
                    .help("A text has up to 64 holes; write it as several texts, or take a condition apart."),
            ));
        }
        Ok(self.finish(&counts))
    }

    /// The first call that makes a step run more than a turn may: steps that run each other twice, each running others
    /// twice, do so quickly.
    fn too_much(&self, counts: &[u32]) -> Option<Diagnostic> {
        let all = with_calls(counts, &self.facts.calls);
        let too_much = self.facts.calls.order.iter().find_map(|step| {
            let call = self.facts.calls.of.get(step.index())?.first()?;
            (all.get(step.index()) > Some(&MOST_AT_ONCE)).then_some((*step, call))
        });
        let (step, call) = too_much?;
        let name = self.flow.steps.get(step.index()).map_or("", |step| step.name.as_str());
        let found = Diagnostic::new(Code::TooDeep, call.span, format!("`{name}` runs too much at once"))
            .here("with what this runs, and the other steps it runs")
            .help(format!("More than {MOST_AT_ONCE} instructions could run before the chat waits; run fewer steps in it."));
        Some(found)
    }

    /// What stands outside of steps: targeting, the welcome, `anytime`, and the conditions of tests.
    fn outside(&mut self) {
        let flow = self.flow;
        for (site, text) in std::mem::take(&mut self.invalid_texts) {
            let fragment = self.text_fragment(text);
            if let Some(SiteDef { wait: Wait::Ask(ask), .. }) = self.tables.image.sites.get_mut(site.index())
            {
                ask.invalid = Some(fragment);
            }
        }
        for condition in &flow.show {
            let at = self.condition_fragment(condition);
            self.tables.image.show.push(at);
        }
        for condition in &flow.hide {
            let at = self.condition_fragment(condition);
            self.tables.image.hide.push(at);
        }
        if let Some(welcome) = &flow.welcome {
            self.tables.image.flow.welcome = Some(self.text_fragment(welcome));
        }
        for (condition, step, _) in &flow.anytime {
            let when = self.condition_fragment(condition);
            self.tables.image.anytime.push(AnytimeDef { when, arm: ArmDef::Step(*step) });
        }
        self.tables.image.flow.outdated = flow.outdated.map(|(step, _)| step);
        let conditions = self.test_conditions;
        for condition in conditions {
            self.condition_fragment(condition);
        }
    }

    fn finish(mut self, counts: &[u32]) -> Image {
        let file = self.tables.str(&self.file.source.path);
        let longest = longest_run(&with_calls(counts, &self.facts.calls), &self.facts.silent);
        let english = self.tables.str("en");
        let mut image = self.tables.image;
        image.flow.max_stack = self.max_depth.max(1);
        image.flow.longest_run = longest;
        if image.flow.channels == 0 {
            image.flow.channels = 1;
        }
        if image.flow.languages.is_empty() {
            image.flow.languages.push(english);
        }
        image.translations = self.locales.into_iter().map(Locale::finish).collect();
        image.code = self.code.finish();
        image.debug = Some(Debug { file, lines: self.lines });
        image
    }

    // Instructions

    fn here(&self) -> Addr {
        Addr(self.code.len() as u32)
    }

    fn op(&mut self, op: Op) {
        let effect = op.effect(&self.tables.image);
        self.depth = self.depth.saturating_sub(effect.pops.0 as u32);
        if effect.push.is_some() {
            self.depth += 1;
            self.max_depth = self.max_depth.max(self.depth);
            if self.depth > MAX_STACK {
                self.too_deep = self.too_deep.or(self.place);
            }
        }
        self.count += 1;
        op.write(&mut self.code);
    }

    /// Emits a jump whose distance is filled in by `land`; returns where the distance stands.
    fn jump(&mut self, op: fn(Ahead) -> Op) -> usize {
        self.op(op(Ahead(0)));
        self.code.len() - 2
    }

    fn land(&mut self, at: usize) {
        let distance = self.code.len() - (at + 2);
        match u16::try_from(distance) {
            Ok(distance) => self.code.patch(at, distance.to_le_bytes()),
            Err(_) => {
                let span = self.flow.steps.get(self.step.index()).map(|step| step.span);
                self.too_long = self.too_long.or(span);
            }
        }
    }

    // Statements

    fn block(&mut self, body: &'a [Statement]) {
        for statement in body {
            self.line(statement.span);
            self.place = Some(statement.span);
            self.statement(&statement.kind);
        }
    }

    /// Notes the line of the instructions that come.
    fn line(&mut self, span: Span) {
        let line = self.file.lines.line(span.start) + 1;
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
        for (_, value) in &act.arguments {
            self.value(value);
        }
        let site = Site(self.tables.image.sites.len() as u32);
        self.reserve_site(act.place);
        let arguments = act.arguments.iter().map(|(argument, _)| *argument).collect();
        let def = ActDef { arguments, deadline: act.deadline, ..ActDef::of(act.action, act.object) };
        if let Some(place) = self.tables.image.sites.get_mut(site.index()) {
            place.wait = Wait::Act(def.clone());
        }
        self.op(Op::Act(site));
        let next = self.here();
        let mut blocks = Blocks::default();
        let outcomes =
            act.outcomes.iter().map(|(outcome, arm)| (*outcome, self.arm(arm, &mut blocks))).collect();
        let timeout = act.timeout.as_ref().map(|(ms, arm, _)| (*ms, self.arm(arm, &mut blocks)));
        self.close(blocks);
        self.fill_site(site, next, timeout, Wait::Act(ActDef { outcomes, ..def }));
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
            ty: chatflow_runtime::value::Type::Text,
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

    // Fragments

    fn condition_fragment(&mut self, condition: &Condition) -> Fragment {
        let start = self.here();
        self.condition(condition);
        self.end_fragment(start)
    }

    fn text_fragment(&mut self, text: &TextValue) -> Fragment {
        let start = self.here();
        self.text(text);
        self.end_fragment(start)
    }

    fn end_fragment(&mut self, start: Addr) -> Fragment {
        self.op(Op::Return);
        self.depth = 0;
        let at = Fragment(self.tables.image.fragments.len() as u32);
        let end = self.here();
        self.tables.image.fragments.push(CodeRange { start, end });
        at
    }

    // Values and conditions

    fn text(&mut self, text: &TextValue) {
        self.place = Some(text.span);
        let mut holes = 0;
        let pieces = self.pieces(&text.pieces, &mut holes);
        let template = Template { holes, pieces };
        let texts = &mut self.tables.image.texts;
        let at = texts.len() as u32;
        texts.push(template);
        for locale in &mut self.locales {
            locale.text(Text(at), text.span, holes);
        }
        self.op(Op::Text(Text(at)));
    }

    /// The pieces of a text or a form; the values of their holes are left on the stack, each with the next number.
    fn pieces(&mut self, parts: &[TextPart], holes: &mut u32) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            pieces.push(match part {
                TextPart::Words(words) => Piece::Words(*words),
                TextPart::Hole(value) => Piece::Hole(self.hole(value, holes)),
                TextPart::Plural { of, forms } => {
                    let hole = self.hole(of, holes);
                    let form = |(case, parts): &(_, Vec<TextPart>)| (*case, self.pieces(parts, holes));
                    Piece::Plural { hole, forms: forms.iter().map(form).collect() }
                }
                TextPart::Select { of, forms } => {
                    let hole = self.hole(of, holes);
                    let mut made = Vec::with_capacity(forms.len());
                    for (name, parts) in forms {
                        let name = name.as_ref().map(|name| self.tables.str(name));
                        made.push((name, self.pieces(parts, holes)));
                    }
                    Piece::Select { hole, forms: made }
                }
            });
        }
        pieces
    }

    /// Leaves the value of a hole on the stack; its number.
    fn hole(&mut self, value: &Value, holes: &mut u32) -> u32 {
        self.value(value);
        *holes += 1;
        *holes - 1
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Const(constant) => self.op(Op::Const(*constant)),
            Value::Slot(slot, _) => self.op(Op::Slot(*slot)),
            Value::Fact(fact, _, _) => self.op(Op::Fact(*fact)),
            Value::Reply(_) => self.op(Op::Reply),
            Value::OrElse(both) => {
                self.value(&both.0);
                self.value(&both.1);
                self.op(Op::OrElse);
            }
            Value::Text(text) => self.text(text),
            Value::Label(options, inner) => {
                self.value(inner);
                self.op(Op::Label(*options));
            }
            Value::Arithmetic(operator, both, _) => {
                self.value(&both.0);
                self.value(&both.1);
                self.op(match operator {
                    Arithmetic::Add => Op::Add,
                    Arithmetic::Subtract => Op::Subtract,
                    Arithmetic::Multiply => Op::Multiply,
                    Arithmetic::Divide => Op::Divide,
                });
            }
            Value::Negate(inner) => {
                self.value(inner);
                self.op(Op::Negate);
            }
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Test { test, left, right, .. } => {
                self.value(left);
                self.value(right);
                self.op(match test {
                    Test::Is => Op::Is,
                    Test::IsExactly => Op::IsExactly,
                    Test::Less => Op::Less,
                    Test::LessOrEqual => Op::LessOrEqual,
                    Test::Contains => Op::Contains,
                    Test::StartsWith => Op::StartsWith,
                    Test::EndsWith => Op::EndsWith,
                    Test::Includes => Op::Includes,
                });
            }
            Condition::Matches { value, pattern, .. } => {
                self.value(value);
                self.op(Op::Matches(*pattern));
            }
            Condition::Known(value) => {
                self.value(value);
                self.op(Op::Known);
            }
            Condition::IsTrue(value) => {
                self.value(value);
                self.op(Op::IsTrue);
            }
            Condition::Not(inner) => {
                self.condition(inner);
                self.op(Op::Not);
            }
            Condition::And(both) => {
                self.condition(&both.0);
                self.condition(&both.1);
                self.op(Op::And);
            }
            Condition::Or(both) => {
                self.condition(&both.0);
                self.condition(&both.1);
                self.op(Op::Or);
            }
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

/// For each step, its instructions and those of the steps that it runs.
fn with_calls(counts: &[u32], calls: &Calls) -> Vec<u32> {
    let mut all = counts.to_vec();
    for step in &calls.order {
        let inside = calls.of.get(step.index()).into_iter().flatten();
        let sum = inside
            .fold(0_u32, |sum, call| sum.saturating_add(all.get(call.step.index()).copied().unwrap_or(0)));
        if let Some(own) = all.get_mut(step.index()) {
            *own = own.saturating_add(sum);
        }
    }
    all
}

/// The most instructions between two waits: in a graph without silent cycles, the longest path, and before it the
/// rest of the step where the turn began.
fn longest_run(counts: &[u32], silent: &[BTreeSet<Step>]) -> u32 {
    let mut longest: Vec<Option<u64>> = vec![None; counts.len()];
    for root in 0..counts.len() {
        let mut stack = vec![(root, false)];
        while let Some((step, done)) = stack.pop() {
            if longest.get(step).copied().flatten().is_some() {
                continue;
            }
            let next = silent.get(step).into_iter().flatten().map(|step| step.index());
            if done {
                let own = u64::from(counts.get(step).copied().unwrap_or(0));
                let most = next.filter_map(|step| longest.get(step).copied().flatten()).max().unwrap_or(0);
                if let Some(slot) = longest.get_mut(step) {
                    *slot = Some(own + most);
                }
            } else {
                stack.push((step, true));
                stack.extend(
                    next.filter(|next| longest.get(*next).copied().flatten().is_none())
                        .map(|next| (next, false)),
                );
            }
        }
    }
    let most = longest.iter().copied().flatten().max().unwrap_or(0);
    let own = counts.iter().copied().max().unwrap_or(0);
    u32::try_from(most + u64::from(own)).unwrap_or(u32::MAX)
}
