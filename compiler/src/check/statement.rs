//! Statements: questions with their choices, actions with their outcomes.

use chatflow_runtime::id::Slot;
use chatflow_runtime::image::LONGEST_PAUSE;
use chatflow_runtime::plan::Feature;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{self, Arm, Call, Pause, TextValue, Value};
use crate::literal::duration;
use crate::source::Span;
use crate::tree::{At, Branch, Expr, ExprKind, Line, LineKind, Range, Statement, StatementKind};
use crate::types::Ty;
use crate::workspace::{repeated, single_word, unknown_setting};

/// The lines of a block so far, with their places: each may be given once.
pub(super) type Given<'a> = Vec<(&'a str, Span)>;

impl Checker<'_> {
    pub(super) fn body(&mut self, view: View<'_>, body: &[Statement]) -> Vec<hir::Statement> {
        body.iter().map(|statement| self.statement(view, statement)).collect()
    }

    /// A statement; one that was reported becomes a hole, and the steps it names count as reached.
    fn statement(&mut self, view: View<'_>, statement: &Statement) -> hir::Statement {
        let span = view.span(statement.range);
        let named = self.named_steps.len();
        match self.whole_statement(view, statement) {
            Some(kind) => hir::Statement { span, kind },
            None => {
                let mentioned = self.named_steps.get(named..).unwrap_or(&[]).iter().copied();
                self.flow.mentioned.extend(mentioned);
                hole(span)
            }
        }
    }

    fn whole_statement(&mut self, view: View<'_>, statement: &Statement) -> Option<hir::StatementKind> {
        let span = view.span(statement.range);
        Some(match &statement.kind {
            StatementKind::Error => return None,
            StatementKind::Say { text, block } => {
                self.said_texts(view, text);
                let media = self.media(view, block.as_deref().unwrap_or(&[]));
                hir::StatementKind::Say(self.bubbles(view, text)?, media)
            }
            StatementKind::Ask { target, ty, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Ask(Box::new(self.ask(
                    view,
                    span,
                    target.as_ref(),
                    ty.is_some(),
                    text,
                    lines,
                )?))
            }
            StatementKind::Set { target, value, block } => {
                let Some((slot, ty)) = self.stored_into(view, target) else {
                    self.arms_of(view, block.as_deref().unwrap_or(&[]));
                    return None;
                };
                let what = view.source(target.range);
                self.store(view, slot, (value, &ty, what), "set", block.as_deref())?
            }
            StatementKind::Let { target, ty, value, block }
                if matches!(value.kind, ExprKind::Call { .. }) =>
            {
                let stored = self.let_target(view, target, *ty);
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Act(Box::new(self.call_function(view, target, stored, value, lines)?))
            }
            StatementKind::Let { target, ty, value, block } => {
                let (slot, ty) = self.let_target(view, target, *ty)?;
                let what = view.source(target.range);
                self.store(view, slot, (value, &ty, what), "let", block.as_deref())?
            }
            StatementKind::Clear { target } => {
                let (slot, _) = self.stored_into(view, target)?;
                hir::StatementKind::Clear { slot }
            }
            StatementKind::Wait { time } => hir::StatementKind::Wait(self.pause(view, time)?),
            StatementKind::Do { module: None, step } => hir::StatementKind::Do(self.call(view, *step)?),
            StatementKind::Do { module: Some(module), step } => self.call_of_module(view, *module, *step)?,
            StatementKind::If { arms, otherwise } => {
                self.uses_feature(Feature::Branch, view.at(statement.range.start));
                let conditions = arms.iter().map(|(condition, _)| view.span(condition.range)).collect();
                let mut checked = Vec::with_capacity(arms.len());
                let mut whole = true;
                for (condition, branch) in arms {
                    let condition = self.condition(view, condition);
                    let body = self.branch_body(view, branch);
                    match condition {
                        Some(condition) => checked.push((condition, body)),
                        None => whole = false,
                    }
                }
                let otherwise = otherwise.as_ref().map(|branch| self.branch_body(view, branch));
                if !whole {
                    return None;
                }
                hir::StatementKind::If { arms: checked, otherwise, conditions }
            }
            StatementKind::Go(Branch::Foreign { module, step }) => {
                self.arrow_into_module(view, *module, *step, Some(span));
                return None;
            }
            StatementKind::Go(branch) => match self.arm(view, branch) {
                Arm::Step(step, span) => hir::StatementKind::Go(step, span),
                // A bare block is no statement of its own; it reads like one and costs nothing.
                Arm::Block(body) => {
                    hir::StatementKind::If { arms: Vec::new(), otherwise: Some(body), conditions: Vec::new() }
                }
                Arm::Next => return None,
            },
            StatementKind::End => hir::StatementKind::End,
            StatementKind::Action { words, text, block } => {
                let lines = block.as_deref().unwrap_or(&[]);
                hir::StatementKind::Act(Box::new(self.action(view, *words, text.as_ref(), lines)?))
            }
        })
    }

    /// The statements after `then` or `else`.
    fn branch_body(&mut self, view: View<'_>, branch: &Branch) -> Vec<hir::Statement> {
        match branch {
            Branch::Block { body, .. } => self.body(view, body),
            Branch::Statement(statement) => vec![self.statement(view, statement)],
            Branch::Step(_) | Branch::Foreign { .. } => Vec::new(),
            Branch::Error(range) => vec![hole(view.span(*range))],
        }
    }

    /// What stands after `->`; what cannot be read leads nowhere, so that it causes no findings further on.
    pub(super) fn arm(&mut self, view: View<'_>, branch: &Branch) -> Arm {
        match branch {
            Branch::Step(at) => match self.step_named(view, *at) {
                Some(step) => Arm::Step(step, view.at(*at)),
                None => Arm::Block(vec![hole(view.at(*at))]),
            },
            Branch::Foreign { module, step } => {
                self.arrow_into_module(view, *module, *step, None);
                Arm::Block(vec![hole(view.at(*step))])
            }
            Branch::Block { body, .. } => Arm::Block(self.body(view, body)),
            Branch::Statement(statement) => Arm::Block(vec![self.statement(view, statement)]),
            Branch::Error(range) => {
                // It may have been meant for any step.
                self.flow.mentioned.extend(self.names.steps.values().filter_map(|known| known.step));
                Arm::Block(vec![hole(view.span(*range))])
            }
        }
    }

    pub(super) fn arm_or_next(&mut self, view: View<'_>, branch: Option<&Branch>) -> Arm {
        branch.map_or(Arm::Next, |branch| self.arm(view, branch))
    }

    fn bubbles(&mut self, view: View<'_>, text: &Expr) -> Option<Vec<TextValue>> {
        match &text.kind {
            ExprKind::List(members) => members.iter().map(|member| self.text(view, member)).collect(),
            _ => Some(vec![self.text(view, text)?]),
        }
    }

    /// `= VALUE { failed -> … }` of `set` and `let`: the value, with what it is for.
    fn store(
        &mut self,
        view: View<'_>,
        slot: Slot,
        (value, ty, what): (&Expr, &Ty, &str),
        word: &str,
        block: Option<&[Line]>,
    ) -> Option<hir::StatementKind> {
        let value = match ty {
            // What a local without a type would hold gave it none; its names are looked at all the same.
            Ty::Error if word == "let" => self.value(view, value, None).map(|(value, _)| value),
            _ => self.value_for(view, value, ty, what),
        };
        let failed = self.failed_arm(view, word, block.unwrap_or(&[]));
        // What a local without a type would hold was reported where it has none.
        let value = value.filter(|_| !matches!(ty, Ty::Error))?;
        if let Some((_, span)) = &failed
            && !value.may_fail()
        {
            let found = Diagnostic::new(Code::NeverFails, *span, "this never fails")
                .here("nothing leads here")
                .help("Only arithmetic can fail: a division by zero, or a result of too many digits. Delete the line.");
            self.found.push(found);
        }
        Some(hir::StatementKind::Set { slot, value, failed: failed.map(|(arm, _)| arm) })
    }

    /// `{ failed -> … }`, with the place of its word.
    fn failed_arm(&mut self, view: View<'_>, word: &str, lines: &[Line]) -> Option<(Arm, Span)> {
        let mut failed: Option<(Arm, Span)> = None;
        for line in lines {
            let LineKind::Entry { head, when, values, arrow } = &line.kind else {
                self.not_a_setting(view, line);
                continue;
            };
            let (outcome, span) = (view.text(*head), view.at(*head));
            if outcome != "failed" {
                self.arm_or_next(view, arrow.as_ref());
                self.found.push(unknown_setting(outcome, span, word, &["failed"]));
                continue;
            }
            if let Some((_, first)) = failed {
                self.found.push(repeated(outcome, span, first));
                continue;
            }
            match (values.as_slice(), arrow, *when) {
                ([], Some(branch), false) => failed = Some((self.arm(view, branch), span)),
                _ if values.iter().any(|value| value.kind == ExprKind::Error) => {}
                _ => self.misshapen(outcome, span, "failed -> STEP"),
            }
        }
        failed
    }

    /// The local that `let` makes.
    fn let_target(&mut self, view: View<'_>, target: &Expr, ty: Option<Range>) -> Option<(Slot, Ty)> {
        if target.kind == ExprKind::Error {
            return None;
        }
        if let Some(ty) = ty {
            let span = view.span(ty);
            let found = Diagnostic::new(Code::Syntax, span, "a local has the type of its value")
                .here("no type is written here")
                .help("Write `let NAME = VALUE`; only `ask NAME: TYPE` says a type.")
                .suggest("delete the type", span, "");
            self.found.push(found);
        }
        let span = view.span(target.range);
        let Some((name, _)) = single_word(view, target) else {
            let written = view.source(target.range);
            let word = view.at(target.range.start.saturating_sub(1));
            let found = Diagnostic::new(Code::WrongValue, span, format!("`{written}` is no name of a local"))
                .here("`let` makes a local of the flow")
                .help(format!("Write `set {written} = …` to store into it."))
                .fix("write `set`", word, "set");
            self.found.push(found);
            return None;
        };
        let local = self.names.locals.get(name)?;
        let ty = local.ty.clone();
        Some((self.local_slot(name, &ty), ty))
    }

    /// `wait 2s`.
    fn pause(&mut self, view: View<'_>, time: &Expr) -> Option<Pause> {
        let span = view.span(time.range);
        let place = self.place("wait");
        if time.kind == ExprKind::Error {
            return None;
        }
        match duration(view.source(time.range)) {
            Some(ms) if (1..=LONGEST_PAUSE).contains(&ms) => Some(Pause { place, ms }),
            Some(_) => {
                let found =
                    Diagnostic::new(Code::BadSetting, span, "a flow waits more than nothing and up to a day")
                        .here("no such time")
                        .help("For longer silences, ask something and give the question a `timeout`.");
                self.found.push(found);
                None
            }
            None => {
                let found = Diagnostic::new(Code::BadSetting, span, "`wait` takes a duration")
                    .here("not a duration")
                    .help("Write `wait 2s`; the units are ms, s, m, h and d.");
                self.found.push(found);
                None
            }
        }
    }

    /// `do STEP`.
    fn call(&mut self, view: View<'_>, at: At) -> Option<Call> {
        let place = self.place(&format!("do {}", self.names.full(view.text(at))));
        let step = self.step_named(view, at)?;
        Some(Call { place, step, span: view.at(at) })
    }

    /// The property or local that is stored into.
    pub(super) fn stored_into(&mut self, view: View<'_>, target: &Expr) -> Option<(Slot, Ty)> {
        let span = view.span(target.range);
        match self.value(view, target, None)? {
            (Value::Slot(slot, _), ty) => Some((slot, ty)),
            _ => {
                let written = view.source(target.range);
                let found =
                    Diagnostic::new(Code::WrongValue, span, format!("`{written}` cannot be stored into"))
                        .here("only properties and locals hold values")
                        .help(
                            "Facts of the page and the visitor come from the host; a flow only reads them.",
                        );
                self.found.push(found);
                None
            }
        }
    }
}

/// What stands for statements that could not be read: they may do anything.
fn hole(span: Span) -> hir::Statement {
    hir::Statement { span, kind: hir::StatementKind::Hole }
}
