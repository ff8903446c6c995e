//! A program's tables as bytes. `decode` reads them back; the two are read side by side.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::fact::FactKind;
use crate::id::Str;
use crate::image::{
    ActDef, AnytimeDef, Arm, AskDef, CodeRange, Debug, Flow, GivenFrom, GivenPiece, Hours, Image, ObjectDef,
    Piece, PluralCase, ReplyDef, SiteDef, StepDef, Strings, Template, Translation, Wait,
};
use crate::language::BuiltIn;
use crate::layout::{Section, assemble, section};
use crate::plural::Category;
use crate::setting::{Setting, SettingValue};
use crate::value::{Type, Value};
use crate::wire::Writer;

/// The bytes of a program. Equal images have equal bytes, on every machine.
pub fn encode(image: &Image) -> Vec<u8> {
    let mut required = Writer::new();
    for part in Section::ALL {
        let mut body = Writer::new();
        write_section(&mut body, *part, image);
        section(&mut required, part.id(), &body.finish());
    }
    let debug = image.debug.as_ref().map(|debug| {
        let mut body = Writer::new();
        write_debug(&mut body, debug);
        body.finish()
    });
    let locales: Vec<Vec<u8>> = image
        .translations
        .iter()
        .map(|translation| {
            let mut body = Writer::new();
            write_translation(&mut body, translation);
            body.finish()
        })
        .collect();
    assemble(&required.finish(), &locales, debug.as_deref())
}

fn write_section(out: &mut Writer, part: Section, image: &Image) {
    match part {
        Section::Strings => write_strings(out, &image.strings),
        Section::Flow => write_flow(out, &image.flow),
        Section::Settings => {
            list(out, &image.settings, write_setting);
            write_built_in(out, &image.built_in);
        }
        Section::Options => list(out, &image.options, |out, def| {
            list(out, &def.options, |out, option| {
                write_str(out, &option.name);
                write_str(out, &option.label);
                write_str(out, &option.value);
            });
        }),
        Section::Slots => list(out, &image.slots, |out, slot| {
            write_str(out, &slot.name);
            list(out, &slot.was, write_str);
            write_type(out, slot.ty);
            out.byte(slot.scope as u8);
        }),
        Section::Facts => list(out, &image.facts, |out, fact| write_fact(out, *fact)),
        Section::Constants => write_constants(out, image),
        Section::Texts => list(out, &image.texts, write_template),
        Section::Patterns => list(out, &image.patterns, |out, pattern| {
            out.byte(pattern.kind as u8);
            write_str(out, &pattern.source);
        }),
        Section::Objects => list(out, &image.objects, write_object),
        Section::Steps => {
            let mut end = 0;
            list(out, &image.steps, |out, step| write_step(out, step, &mut end));
        }
        Section::Sites => list(out, &image.sites, write_site),
        Section::Rules => write_rules(out, image),
        Section::Code => out.raw(&image.code),
    }
}

fn list<T>(out: &mut Writer, entries: &[T], mut write: impl FnMut(&mut Writer, &T)) {
    out.count(entries.len());
    for entry in entries {
        write(out, entry);
    }
}

fn write_str(out: &mut Writer, at: &Str) {
    out.varint(u64::from(at.0));
}

/// An index that may be missing: 0, or the index and one.
fn write_optional(out: &mut Writer, index: Option<u32>) {
    out.varint(index.map_or(0, |index| u64::from(index) + 1));
}

fn write_strings(out: &mut Writer, strings: &Strings) {
    out.count(strings.ends.len());
    let mut start = 0u32;
    for end in &strings.ends {
        out.varint(u64::from(end.saturating_sub(start)));
        start = *end;
    }
    out.raw(strings.text.as_bytes());
}

fn write_flow(out: &mut Writer, flow: &Flow) {
    write_str(out, &flow.name);
    write_str(out, &flow.title);
    list(out, &flow.was, write_str);
    out.byte(flow.channels);
    list(out, &flow.languages, write_str);
    out.zigzag(i64::from(flow.priority));
    list(out, &flow.inboxes, |out, inbox| {
        write_str(out, &inbox.name);
        list(out, &inbox.hours, write_hours);
    });
    write_optional(out, flow.inbox.map(|inbox| inbox.0));
    write_optional(out, flow.welcome.map(|welcome| welcome.0));
    write_optional(out, flow.outdated.map(|outdated| outdated.0));
    out.varint(u64::from(flow.max_stack));
    out.varint(u64::from(flow.longest_run));
}

fn write_hours(out: &mut Writer, hours: &Hours) {
    out.byte(hours.days);
    out.varint(u64::from(hours.from));
    out.varint(u64::from(hours.to));
    write_str(out, &hours.zone);
}

fn write_setting(out: &mut Writer, (setting, value): &(Setting, SettingValue)) {
    out.byte(*setting as u8);
    match value {
        SettingValue::Word(word) => {
            out.byte(0);
            write_str(out, word);
        }
        SettingValue::Text(text) => {
            out.byte(1);
            write_str(out, text);
        }
        SettingValue::WordAndText(word, text) => {
            out.byte(2);
            write_str(out, word);
            write_str(out, text);
        }
        SettingValue::Duration(milliseconds) => {
            out.byte(3);
            out.zigzag(*milliseconds);
        }
        SettingValue::Colour(colour) => {
            out.byte(4);
            out.varint(u64::from(*colour));
        }
        SettingValue::TriggerOnExit => out.byte(5),
        SettingValue::TriggerAfter(milliseconds) => {
            out.byte(6);
            out.zigzag(*milliseconds);
        }
        SettingValue::TriggerScrolled(percent) => {
            out.byte(7);
            out.byte(*percent);
        }
    }
}

fn write_type(out: &mut Writer, ty: Type) {
    match ty {
        Type::Text => out.byte(0),
        Type::Number => out.byte(1),
        Type::Bool => out.byte(2),
        Type::Date => out.byte(3),
        Type::DateTime => out.byte(4),
        Type::Duration => out.byte(5),
        Type::Email => out.byte(6),
        Type::Phone => out.byte(7),
        Type::Url => out.byte(8),
        Type::OneOf(options) => {
            out.byte(9);
            out.varint(u64::from(options.0));
        }
        Type::ManyOf(options) => {
            out.byte(10);
            out.varint(u64::from(options.0));
        }
    }
}

fn write_fact(out: &mut Writer, fact: FactKind) {
    let (number, operand) = fact.number();
    out.byte(number);
    if let Some(operand) = operand {
        out.varint(u64::from(operand));
    }
}

/// Constants, whose texts stand in the pool where it has them already.
fn write_constants(out: &mut Writer, image: &Image) {
    let mut pool = BTreeMap::new();
    for index in 0..image.strings.ends.len() as u32 {
        pool.entry(image.strings.get(Str(index))).or_insert(index);
    }
    list(out, &image.constants, |out, value| {
        write_value(out, value, |out, text| {
            let known = pool.get(text).copied();
            write_optional(out, known);
            if known.is_none() {
                out.string(text);
            }
        });
    });
}

/// Writes a value; `write_text` says how its texts stand.
pub(crate) fn write_value(out: &mut Writer, value: &Value, write_text: impl Fn(&mut Writer, &str)) {
    match value {
        Value::Text(text) => {
            out.byte(0);
            write_text(out, text);
        }
        Value::Number(number) => {
            out.byte(1);
            out.decimal(*number);
        }
        Value::Bool(is) => out.byte(if *is { 3 } else { 2 }),
        Value::Date(days) => {
            out.byte(4);
            out.zigzag(i64::from(*days));
        }
        Value::DateTime(milliseconds) => {
            out.byte(5);
            out.zigzag(*milliseconds);
        }
        Value::Duration(milliseconds) => {
            out.byte(6);
            out.zigzag(*milliseconds);
        }
        Value::Option(name) => {
            out.byte(7);
            write_text(out, name);
        }
        Value::Options(names) => {
            out.byte(8);
            list(out, names, |out, name| write_text(out, name));
        }
    }
}

fn write_template(out: &mut Writer, template: &Template) {
    out.varint(u64::from(template.holes));
    list(out, &template.pieces, write_piece);
}

fn write_piece(out: &mut Writer, piece: &Piece) {
    // One number says both which kind of piece it is and its index.
    let (index, kind) = match piece {
        Piece::Words(words) => (words.0, 0),
        Piece::Hole(hole) => (*hole, 1),
        Piece::Plural { hole, .. } => (*hole, 2),
        Piece::Select { hole, .. } => (*hole, 3),
    };
    out.varint(u64::from(index) << 2 | kind);
    match piece {
        Piece::Words(_) | Piece::Hole(_) => {}
        Piece::Plural { forms, .. } => list(out, forms, |out, (case, pieces)| {
            match case {
                PluralCase::Category(category) => out.byte(*category as u8),
                PluralCase::Exactly(number) => {
                    out.byte(Category::ALL.len() as u8);
                    out.decimal(*number);
                }
            }
            list(out, pieces, write_piece);
        }),
        Piece::Select { forms, .. } => list(out, forms, |out, (name, pieces)| {
            write_optional(out, name.map(|name| name.0));
            list(out, pieces, write_piece);
        }),
    }
}

fn write_object(out: &mut Writer, object: &ObjectDef) {
    out.byte(object.kind as u8);
    write_str(out, &object.name);
    write_str(out, &object.title);
    write_optional(out, object.link.map(|link| link.0));
    list(out, &object.members, write_str);
}

fn write_step(out: &mut Writer, step: &StepDef, end: &mut u32) {
    write_str(out, &step.name);
    list(out, &step.was, write_str);
    write_range(out, step.code, end);
}

/// A stretch of code: how far it begins from the end of the one before, and its length.
fn write_range(out: &mut Writer, code: CodeRange, end: &mut u32) {
    out.zigzag(i64::from(code.start.0) - i64::from(*end));
    out.zigzag(i64::from(code.end.0) - i64::from(code.start.0));
    *end = code.end.0;
}

fn write_site(out: &mut Writer, site: &SiteDef) {
    out.id64(site.id.0);
    out.varint(u64::from(site.step.0));
    out.varint(u64::from(site.next.0));
    list(out, &site.keeps, |out, slot| out.varint(u64::from(slot.0)));
    out.flag(site.timeout.is_some());
    if let Some((milliseconds, arm)) = site.timeout {
        out.zigzag(milliseconds);
        write_arm(out, arm);
    }
    match &site.wait {
        Wait::Ask(ask) => {
            out.byte(0);
            write_ask(out, ask);
        }
        Wait::Act(act) => {
            out.byte(if act.exchanges() { 4 } else { 1 });
            write_act(out, act);
            if act.exchanges() {
                write_exchange(out, act);
            }
        }
        Wait::Pause(milliseconds) => {
            out.byte(2);
            out.zigzag(*milliseconds);
        }
        Wait::Do(step) => {
            out.byte(3);
            out.varint(u64::from(step.0));
        }
    }
}

fn write_act(out: &mut Writer, act: &ActDef) {
    out.byte(act.action as u8);
    out.varint(u64::from(act.object.0));
    list(out, &act.arguments, |out, argument| out.byte(*argument as u8));
    list(out, &act.outcomes, |out, (outcome, arm)| {
        out.byte(*outcome as u8);
        write_arm(out, *arm);
    });
    out.flag(act.deadline.is_some());
    if let Some(milliseconds) = act.deadline {
        out.zigzag(milliseconds);
    }
}

/// What an action hands the host by names, and what it stores of the answer.
fn write_exchange(out: &mut Writer, act: &ActDef) {
    list(out, &act.given, |out, given| {
        out.byte(given.part as u8);
        write_str(out, &given.name);
        write_given(out, &given.from);
    });
    list(out, &act.results, |out, result| {
        write_str(out, &result.path);
        out.varint(u64::from(result.slot.0));
    });
    out.flag(act.talk.is_some());
    if let Some(talk) = &act.talk {
        list(out, &talk.nexts, |out, (name, arm)| {
            write_str(out, name);
            write_arm(out, *arm);
        });
        write_optional(out, talk.asks.map(|at| at.0));
    }
}

fn write_given(out: &mut Writer, from: &GivenFrom) {
    match from {
        GivenFrom::Value(ty) => {
            out.byte(0);
            write_type(out, *ty);
        }
        GivenFrom::Pieces(pieces) => {
            out.byte(1);
            list(out, pieces, |out, piece| match piece {
                GivenPiece::Words(words) => {
                    out.byte(0);
                    write_str(out, words);
                }
                GivenPiece::Value(ty) => {
                    out.byte(1);
                    write_type(out, *ty);
                }
            });
        }
        GivenFrom::Secret(secret) => {
            out.byte(2);
            out.varint(u64::from(secret.0));
        }
    }
}

fn write_ask(out: &mut Writer, ask: &AskDef) {
    write_optional(out, ask.target.map(|target| target.0));
    write_type(out, ask.ty);
    list(out, &ask.replies, write_reply);
    out.flag(ask.otherwise.is_some());
    if let Some(arm) = ask.otherwise {
        write_arm(out, arm);
    }
    write_optional(out, ask.invalid.map(|invalid| invalid.0));
    out.flag(ask.attempts.is_some());
    if let Some((count, arm)) = ask.attempts {
        out.varint(u64::from(count));
        write_arm(out, arm);
    }
}

fn write_reply(out: &mut Writer, reply: &ReplyDef) {
    out.id32(reply.id.0);
    write_str(out, &reply.label);
    write_optional(out, reply.value.map(|value| value.0));
    write_arm(out, reply.arm);
}

/// What happens next, as one number: 0, an odd one for a step, an even one for an address.
fn write_arm(out: &mut Writer, arm: Arm) {
    out.varint(match arm {
        Arm::Next => 0,
        Arm::Step(step) => (u64::from(step.0) << 1) + 1,
        Arm::Block(at) => (u64::from(at.0) << 1) + 2,
    });
}

fn write_rules(out: &mut Writer, image: &Image) {
    let mut end = 0;
    list(out, &image.fragments, |out, code| write_range(out, *code, &mut end));
    list(out, &image.show, |out, fragment| out.varint(u64::from(fragment.0)));
    list(out, &image.hide, |out, fragment| out.varint(u64::from(fragment.0)));
    list(out, &image.anytime, |out, AnytimeDef { when, arm }| {
        out.varint(u64::from(when.0));
        write_arm(out, *arm);
    });
}

fn write_built_in(out: &mut Writer, texts: &[(BuiltIn, Str)]) {
    list(out, texts, |out, (text, said)| {
        out.byte(*text as u8);
        write_str(out, said);
    });
}

/// What is said in another language: its strings, and which of them stands where.
fn write_translation(out: &mut Writer, translation: &Translation) {
    out.varint(u64::from(translation.language));
    write_strings(out, &translation.strings);
    list(out, &translation.texts, |out, (text, template)| {
        out.varint(u64::from(text.0));
        write_template(out, template);
    });
    list(out, &translation.replies, |out, ((site, nth), said)| {
        out.varint(u64::from(site.0));
        out.varint(u64::from(*nth));
        write_str(out, said);
    });
    list(out, &translation.options, |out, ((options, nth), said)| {
        out.varint(u64::from(options.0));
        out.varint(u64::from(*nth));
        write_str(out, said);
    });
    list(out, &translation.settings, |out, (setting, said)| {
        out.byte(*setting as u8);
        write_str(out, said);
    });
    write_built_in(out, &translation.built_in);
    list(out, &translation.objects, |out, (object, said)| {
        out.varint(u64::from(object.0));
        write_str(out, said);
    });
}

/// Files, addresses and lines; each address and line is the distance from the one before.
fn write_debug(out: &mut Writer, debug: &Debug) {
    write_str(out, &debug.file);
    let mut start = 0;
    list(out, &debug.files, |out, (address, file)| {
        out.varint(u64::from(address.0.saturating_sub(start)));
        write_str(out, file);
        start = address.0;
    });
    let (mut at, mut line) = (0, 0);
    list(out, &debug.lines, |out, (address, number)| {
        out.zigzag(i64::from(address.0) - at);
        out.zigzag(i64::from(*number) - line);
        (at, line) = (i64::from(address.0), i64::from(*number));
    });
}
