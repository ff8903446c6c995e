//! Checked flow to program.
//!
//! Steps are emitted one after the other; inside a step every jump goes ahead, so a step ends, and only `Go` leads
//! back. The blocks of choices and outcomes stand right behind the instruction that waits.

mod length;
mod locale;
mod statement;
mod value;

use chatflow_runtime::MAX_STACK;
use chatflow_runtime::id::{Addr, Fragment, Site, Step, Str};
use chatflow_runtime::image::{AnytimeDef, Arm as ArmDef, CodeRange, Debug, Image, SiteDef, StepDef, Wait};
use chatflow_runtime::op::{Ahead, Op};
use chatflow_runtime::wire::Writer;

use crate::check::{Checked, TestLine, TestStep};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::File;
use crate::hir::{Condition, Flow, TextValue};
use crate::paths::PathFacts;
use crate::project::{Project, Suite};
use crate::source::{FileId, Span};
use crate::tables::Tables;
use length::{longest_run, with_calls};
use locale::Locale;

/// The most bytes that a step's instructions may take: a jump holds a distance of 16 bits.
const MAX_STEP: usize = u16::MAX as usize;

/// The most instructions that a step with those it runs may have, so that a turn can run through it several times.
const MOST_AT_ONCE: u32 = 20_000;

/// The program of a flow without errors. A step that is too long to be one is a finding.
pub fn emit(
    checked: &Checked,
    facts: &PathFacts,
    project: &Project,
    file: &File,
) -> Result<Image, Box<Diagnostic>> {
    Emitter::new(&checked.flow, checked.flow_tables.clone(), facts, project, file).run()
}

/// The program of a flow together with the conditions of its tests.
pub fn emit_suite(
    checked: &Checked,
    facts: &PathFacts,
    project: &Project,
    file: &File,
) -> Result<Suite, Box<Diagnostic>> {
    let mut emitter = Emitter::new(&checked.flow, checked.tables.clone(), facts, project, file);
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
    project: &'a Project,
    /// The flow's own file, and that of the step that is emitted.
    file: &'a File,
    here_file: &'a File,
    test_conditions: &'a [Condition],
    locales: Vec<Locale<'a>>,
    code: Writer,
    /// Instructions of the step that is emitted, for the longest run.
    count: u32,
    /// Cells on the stack now, and the most there ever were.
    depth: u32,
    max_depth: u32,
    files: Vec<(Addr, Str)>,
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
    fn new(
        flow: &'a Flow,
        tables: Tables,
        facts: &'a PathFacts,
        project: &'a Project,
        file: &'a File,
    ) -> Emitter<'a> {
        Emitter {
            flow,
            tables,
            facts,
            project,
            file,
            here_file: file,
            test_conditions: &[],
            locales: Locale::all(flow),
            code: Writer::default(),
            count: 0,
            depth: 0,
            max_depth: 0,
            files: Vec::new(),
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
            self.come_into(body.span.file);
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
        self.come_into(self.file.id);
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
        for (condition, _) in &flow.show {
            let at = self.condition_fragment(condition);
            self.tables.image.show.push(at);
        }
        for (condition, _) in &flow.hide {
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

    /// Notes that the instructions that come are of this file.
    fn come_into(&mut self, file: FileId) {
        let Some(file) = self.project.file(file).filter(|file| file.id != self.here_file.id) else { return };
        self.here_file = file;
        let (here, path) = (self.here(), self.tables.str(&file.source.path));
        self.files.push((here, path));
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
        // Behind the last step there may be nothing.
        self.files.retain(|(at, _)| at.index() < image.code.len());
        image.debug = Some(Debug { file, files: self.files, lines: self.lines });
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
}
