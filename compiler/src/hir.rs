//! The checked flow: names are indices into the program's tables, every expression has its type.
//!
//! `paths` follows it and `emit` turns it into instructions. Where the source had errors it is incomplete, and no
//! program is made of it.

use std::collections::BTreeMap;

use chatflow_runtime::action::{Action, Argument, Outcome, Part};
use chatflow_runtime::channel::Channel;
use chatflow_runtime::id::{Const, Fact, Object, Options, Pattern, PlaceId, ReplyId, Slot, Step, Str};
use chatflow_runtime::image::PluralCase;
use chatflow_runtime::language::{BuiltIn, Language};
use chatflow_runtime::media::MediaKind;
use chatflow_runtime::setting::Setting;
use chatflow_runtime::value::Type;

use crate::source::Span;
pub use crate::tree::Arithmetic;

/// A flow.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// `show when`, with the places of the conditions.
    pub show: Vec<(Condition, Span)>,
    /// `hide when`, with the places of the conditions.
    pub hide: Vec<(Condition, Span)>,
    /// The greeting.
    pub welcome: Option<TextValue>,
    /// Where a chat goes whose place no longer exists.
    pub outdated: Option<(Step, Span)>,
    /// What is tested on each message.
    pub anytime: Vec<(Condition, Step, Span)>,
    /// The steps: first those of the source, the entry first, then one for each block of `anytime`, and among these
    /// the steps of modules that they lead to.
    pub steps: Vec<StepBody>,
    /// Whether it is a module, looked at for itself: who runs its steps, and what is known then, nobody can say.
    pub library: bool,
    /// What it says in its other languages.
    pub translations: Vec<Translation>,
    /// Silence after which a chat starts again, in milliseconds.
    pub session_timeout: i64,
    /// Where the header names its languages, in their order; nowhere where it has no such line.
    pub languages: Vec<Span>,
    /// The channels that the flow names, with their places; none is the website.
    pub channels: Vec<(Channel, Span)>,
    /// The texts of its settings that the visitor reads as messages, with their places.
    pub said: Vec<(Setting, Str, Span)>,
    /// The steps that arrows of broken statements name, or nearly name: they count as reached.
    pub mentioned: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug)]
pub struct StepBody {
    /// Its name; a module's step has the module's name before it, `details.collect`.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its former names, with their places.
    pub was: Vec<(String, Span)>,
    /// Whether it is a step of a module.
    pub module: bool,
    /// Its statements.
    pub body: Vec<Statement>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its place.
    pub span: Span,
    /// What it does.
    pub kind: StatementKind,
}

/// What a statement does.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum StatementKind {
    /// Says bubbles, then shows what goes with them.
    Say(Vec<TextValue>, Vec<Media>),
    /// Asks.
    Ask(Box<Ask>),
    /// Stores, in `set` and in `let`; `failed` is taken where the value comes to nothing.
    Set { slot: Slot, value: Value, failed: Option<Arm> },
    /// Forgets.
    Clear { slot: Slot },
    /// Waits for time to pass.
    Wait(Pause),
    /// Runs a step and comes back.
    Do(Call),
    /// Branches: the first condition that is true, else the last block.
    /// `conditions` are the places of the arms' conditions.
    If { arms: Vec<(Condition, Vec<Statement>)>, otherwise: Option<Vec<Statement>>, conditions: Vec<Span> },
    /// Goes to a step.
    Go(Step, Span),
    /// Completes the flow.
    End,
    /// Asks the host.
    Act(Box<Act>),
    /// Stands for a statement that was reported: whatever it would have made known counts as known after it, so
    /// that one mistake is one finding. A flow that has one is never emitted.
    Hole,
}

/// A wait for time to pass.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// Its stable id.
    pub place: PlaceId,
    /// How long, in milliseconds.
    pub ms: i64,
}

/// A step that is run and comes back.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The stable id of the place that it comes back to.
    pub place: PlaceId,
    /// The step.
    pub step: Step,
    /// Where its name is written.
    pub span: Span,
}

/// A picture, a file or a video.
#[derive(Clone, Debug)]
pub struct Media {
    /// Which of them.
    pub kind: MediaKind,
    /// Where it is: words without holes.
    pub url: TextValue,
    /// What goes with it.
    pub words: Option<TextValue>,
    /// Where it is written.
    pub span: Span,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its stable id.
    pub place: PlaceId,
    /// What the id was made of: `ask contact.email`.
    pub what: String,
    /// Where the answer goes.
    pub target: Option<Slot>,
    /// What the answer is read as.
    pub ty: Type,
    /// The question.
    pub text: TextValue,
    /// The replies offered.
    pub replies: Vec<Choice>,
    /// When it is not asked.
    pub skip: Option<(Condition, Span)>,
    /// What is said to an answer that cannot be taken.
    pub invalid: Option<TextValue>,
    /// The wrong answer that takes an arm.
    pub attempts: Option<(u32, Arm)>,
    /// The time after which an arm is taken, in milliseconds.
    pub timeout: Option<(i64, Arm, Span)>,
    /// Where anything but a reply goes.
    pub otherwise: Option<Arm>,
}

/// A reply.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its stable id.
    pub id: ReplyId,
    /// What it says.
    pub label: Str,
    /// Where the label comes from.
    pub says: Says,
    /// What it stores.
    pub value: Option<Const>,
    /// What happens next.
    pub arm: Arm,
    /// Where it is written.
    pub span: Span,
}

/// Where a reply's label comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It is written here.
    Written(Span),
    /// It is an option's, offered here.
    Option(Options, u32, Span),
    /// It is the runtime's, offered here.
    BuiltIn(BuiltIn, Span),
}

/// What a flow says in another of its languages. What is not here is said in the first.
#[derive(Clone, Debug, Default)]
pub struct Translation {
    /// Which of the header's languages.
    pub language: u32,
    /// Its tag.
    pub tag: String,
    /// Where the translations of the flow's texts, labels and settings stand in its catalogues, by the places of those.
    pub places: BTreeMap<Span, Span>,
    /// The texts with holes, by the places of those that they translate.
    pub texts: BTreeMap<Span, Vec<Said>>,
    /// The labels of choices, by their places.
    pub labels: BTreeMap<Span, String>,
    /// The labels of options, by their lists and numbers.
    pub options: BTreeMap<(Options, u32), String>,
    /// The texts of settings.
    pub settings: BTreeMap<Setting, String>,
    /// What is said in place of the runtime's own texts.
    pub built_in: BTreeMap<BuiltIn, String>,
    /// The titles of things.
    pub objects: BTreeMap<Object, String>,
}

/// A piece of a translated text.
#[derive(Clone, Debug)]
pub enum Said {
    /// Words.
    Words(String),
    /// The hole with this number of the text that it translates.
    Hole(u32),
    /// A form of a plural, by the number in this hole.
    Plural(u32, Vec<(PluralCase, Vec<Said>)>),
    /// A form by the name of the value in this hole.
    Select(u32, Vec<(Option<String>, Vec<Said>)>),
}

impl Translation {
    /// The label of a reply, where it is another than in the first language.
    pub fn label(&self, says: Says) -> Option<&str> {
        match says {
            Says::Written(span) => self.labels.get(&span).map(String::as_str),
            Says::Option(options, at, _) => self.options.get(&(options, at)).map(String::as_str),
            Says::BuiltIn(text, _) => {
                let own = self.built_in.get(&text).map(String::as_str);
                Some(own.unwrap_or_else(|| text.text(Language::of(&self.tag))))
            }
        }
    }
}

/// What happens next.
#[derive(Clone, Debug)]
pub enum Arm {
    /// The next statement.
    Next,
    /// A step.
    Step(Step, Span),
    /// A block, which may run on to the next statement.
    Block(Vec<Statement>),
}

/// An action of the table.
#[derive(Clone, Debug)]
pub struct Act {
    /// Its stable id.
    pub place: PlaceId,
    /// What the id was made of: `book meeting intro`.
    pub what: String,
    /// Which action.
    pub action: Action,
    /// What it names.
    pub object: Object,
    /// Its settings.
    pub arguments: Vec<(Argument, Value)>,
    /// What it hands the host by names.
    pub given: Vec<Given>,
    /// What it stores of what the host says.
    pub results: Vec<Saved>,
    /// What the server may do, where the contract of HubSpot's bots is spoken.
    pub talk: Option<Talk>,
    /// What happens after which outcome.
    pub outcomes: Vec<(Outcome, Arm)>,
    /// The visitor's time, in milliseconds.
    pub timeout: Option<(i64, Arm, Span)>,
    /// The host's time, in milliseconds.
    pub deadline: Option<i64>,
}

impl Act {
    /// What its outcomes, the server's own names and silence lead to.
    pub fn arms(&self) -> impl Iterator<Item = &Arm> {
        let outcomes = self.outcomes.iter().map(|(_, arm)| arm);
        let nexts = self.talk.iter().flat_map(|talk| &talk.nexts).map(|(_, arm, _)| arm);
        outcomes.chain(nexts).chain(self.timeout.iter().map(|(_, arm, _)| arm))
    }
}

/// A value that an action hands the host by a name.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is for.
    pub part: Part,
    /// Its name; empty for an address.
    pub name: Str,
    /// The value.
    pub value: GivenValue,
}

/// Where a value comes from that an action hands the host.
#[derive(Clone, Debug)]
pub enum GivenValue {
    /// A value, with its type.
    Value(Value, Type),
    /// Words and values, as other programs read them.
    Pieces(Vec<GivenPart>),
    /// A secret of the host.
    Secret(Object),
}

/// A piece of a text that other programs read.
#[derive(Clone, Debug)]
pub enum GivenPart {
    /// Words.
    Words(Str),
    /// A value, with its type.
    Value(Value, Type),
}

impl GivenValue {
    /// The values that it is made of, in order.
    pub fn values(&self) -> Vec<&Value> {
        match self {
            GivenValue::Value(value, _) => vec![value],
            GivenValue::Pieces(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    GivenPart::Words(_) => None,
                    GivenPart::Value(value, _) => Some(value),
                })
                .collect(),
            GivenValue::Secret(_) => Vec::new(),
        }
    }
}

/// What a server may do with the chat, where the contract of HubSpot's bots is spoken.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// Where it may lead, by the names it uses.
    pub nexts: Vec<(Str, Arm, Span)>,
    /// Whether it may ask the visitor.
    pub asks: bool,
}

/// A value that the host says and an action stores.
#[derive(Clone, Copy, Debug)]
pub struct Saved {
    /// Where it stands in what the host says.
    pub path: Str,
    /// Where it is stored.
    pub slot: Slot,
    /// Where that is written.
    pub span: Span,
}

/// A text with holes.
#[derive(Clone, Debug)]
pub struct TextValue {
    /// Its place.
    pub span: Span,
    /// Its pieces.
    pub pieces: Vec<TextPart>,
}

/// A piece of a text.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum TextPart {
    /// Words.
    Words(Str),
    /// A hole.
    Hole(Value),
    /// A form of a plural.
    Plural { of: Value, forms: Vec<(PluralCase, Vec<TextPart>)> },
    /// A form by the name of a value; the one without a name is for all others.
    Select { of: Value, forms: Vec<(Option<String>, Vec<TextPart>)> },
}

impl TextValue {
    /// Calls `visit` with the value of each hole, in the order of their numbers.
    pub fn holes<'t>(&'t self, visit: &mut impl FnMut(&'t Value)) {
        fn all<'t>(parts: &'t [TextPart], visit: &mut impl FnMut(&'t Value)) {
            for part in parts {
                match part {
                    TextPart::Words(_) => {}
                    TextPart::Hole(value) => visit(value),
                    TextPart::Plural { of, forms } => {
                        visit(of);
                        forms.iter().for_each(|(_, parts)| all(parts, visit));
                    }
                    TextPart::Select { of, forms } => {
                        visit(of);
                        forms.iter().for_each(|(_, parts)| all(parts, visit));
                    }
                }
            }
        }
        all(&self.pieces, visit);
    }
}

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A constant.
    Const(Const),
    /// A property or local.
    Slot(Slot, Span),
    /// A fact; whether it may be unknown.
    Fact(Fact, bool, Span),
    /// The last reply.
    Reply(Span),
    /// The first if it is known, else the second.
    OrElse(Box<(Value, Value)>),
    /// A text.
    Text(TextValue),
    /// An option or options, by their labels.
    Label(Options, Box<Value>),
    /// Two values with an operator between them, and the place of the second.
    Arithmetic(Arithmetic, Box<(Value, Value)>, Span),
    /// The negative of a value.
    Negate(Box<Value>),
}

impl Value {
    /// Calls `visit` with each property and local that the value is made of.
    pub fn slots(&self, visit: &mut dyn FnMut(Slot)) {
        match self {
            Value::Slot(slot, _) => visit(*slot),
            Value::Text(text) => text.holes(&mut |value| value.slots(visit)),
            Value::OrElse(both) | Value::Arithmetic(_, both, _) => {
                both.0.slots(visit);
                both.1.slots(visit);
            }
            Value::Label(_, inner) | Value::Negate(inner) => inner.slots(visit),
            Value::Const(_) | Value::Fact(..) | Value::Reply(_) => {}
        }
    }
}

/// A condition.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant's line shows its parts in their places")]
pub enum Condition {
    /// A comparison.
    Test { test: Test, left: Value, right: Value, span: Span },
    /// Whether a text matches a pattern.
    Matches { value: Value, pattern: Pattern, span: Span },
    /// Whether a value is known.
    Known(Value),
    /// Whether a value that is yes or no is yes: availability, `contact is known`.
    IsTrue(Value),
    /// The opposite.
    Not(Box<Condition>),
    /// Both.
    And(Box<(Condition, Condition)>),
    /// Either.
    Or(Box<(Condition, Condition)>),
}

/// The comparisons of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the instruction of its name")]
pub enum Test {
    Is,
    IsExactly,
    Less,
    LessOrEqual,
    Contains,
    StartsWith,
    EndsWith,
    Includes,
}

impl Statement {
    /// Calls `visit` with each block inside the statement, in the order of the source.
    pub fn blocks<'s>(&'s self, visit: &mut impl FnMut(&'s [Statement])) {
        if let StatementKind::If { arms, otherwise, .. } = &self.kind {
            arms.iter().map(|(_, body)| body).chain(otherwise).for_each(|body| visit(body));
        }
        self.arms(&mut |arm| match arm {
            Arm::Block(body) => visit(body),
            Arm::Next | Arm::Step(..) => {}
        });
    }

    /// Calls `visit` with each step that the statement leads to or runs, those in its blocks as well.
    pub fn targets(&self, visit: &mut dyn FnMut(Step)) {
        match &self.kind {
            StatementKind::Go(step, _) => visit(*step),
            StatementKind::Do(call) => visit(call.step),
            _ => {}
        }
        self.arms(&mut |arm| match arm {
            Arm::Step(step, _) => visit(*step),
            Arm::Next | Arm::Block(_) => {}
        });
        self.blocks(&mut |body| body.iter().for_each(|statement| statement.targets(visit)));
    }

    fn arms<'s>(&'s self, visit: &mut impl FnMut(&'s Arm)) {
        match &self.kind {
            StatementKind::Ask(ask) => {
                ask.replies.iter().for_each(|reply| visit(&reply.arm));
                ask.otherwise.iter().for_each(&mut *visit);
                ask.attempts.iter().for_each(|(_, arm)| visit(arm));
                ask.timeout.iter().for_each(|(_, arm, _)| visit(arm));
            }
            StatementKind::Act(act) => act.arms().for_each(visit),
            StatementKind::Set { failed, .. } => failed.iter().for_each(visit),
            StatementKind::If { .. }
            | StatementKind::Say(..)
            | StatementKind::Clear { .. }
            | StatementKind::Wait(_)
            | StatementKind::Do(_)
            | StatementKind::Go(..)
            | StatementKind::End
            | StatementKind::Hole => {}
        }
    }
}

impl Value {
    /// The property or local that it is, if it is no more than that.
    pub fn slot(&self) -> Option<Slot> {
        match self {
            Value::Slot(slot, _) => Some(*slot),
            Value::Label(_, inner) => inner.slot(),
            Value::Const(_)
            | Value::Fact(..)
            | Value::Reply(_)
            | Value::OrElse(_)
            | Value::Text(_)
            | Value::Arithmetic(..)
            | Value::Negate(_) => None,
        }
    }

    /// Whether it may come to nothing though all that it is made of is known: a division by zero, a number of too
    /// many digits.
    pub fn may_fail(&self) -> bool {
        match self {
            Value::Arithmetic(..) => true,
            Value::Negate(inner) | Value::Label(_, inner) => inner.may_fail(),
            Value::OrElse(both) => both.1.may_fail(),
            Value::Const(_) | Value::Slot(..) | Value::Fact(..) | Value::Reply(_) | Value::Text(_) => false,
        }
    }
}

impl Condition {
    /// The opposite, without a double `Not`.
    pub fn negate(self) -> Condition {
        match self {
            Condition::Not(inner) => *inner,
            other => Condition::Not(Box::new(other)),
        }
    }

    /// Calls `visit` with every value that the condition looks at.
    pub fn values(&self, visit: &mut impl FnMut(&Value)) {
        match self {
            Condition::Test { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Condition::Known(value) | Condition::IsTrue(value) | Condition::Matches { value, .. } => {
                visit(value)
            }
            Condition::Not(inner) => inner.values(visit),
            Condition::And(both) | Condition::Or(both) => {
                both.0.values(visit);
                both.1.values(visit);
            }
        }
    }
}
