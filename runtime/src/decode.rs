//! A program's bytes as tables: `encode` read backwards. What is read is well formed, not yet verified.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::{Action, Argument, ObjectKind, Outcome, Part};
use crate::fact::FactKind;
use crate::id::{
    Addr, Const, Fragment, Inbox, Object, Options, PlaceId, ReplyId, Site, Slot, Step, Str, Text,
};
use crate::image::{
    ActDef, AnytimeDef, Arm, AskDef, CodeRange, DEEPEST_FORM, Debug, Flow, GivenDef, GivenFrom, GivenPiece,
    Hours, Image, InboxDef, ObjectDef, OptionDef, OptionsDef, PatternDef, Piece, PluralCase, ReplyDef,
    ResultDef, Scope, SiteDef, SlotDef, StepDef, Strings, TalkDef, Template, Translation, Wait,
};
use crate::language::BuiltIn;
use crate::layout::{Parts, Section, parts};
use crate::pattern::PatternKind;
use crate::plural::Category;
use crate::program::LoadError;
use crate::setting::{Setting, SettingValue};
use crate::value::{Type, Value};
use crate::wire::{Malformed, Reader};

/// The tables that the bytes of a program say, and its content hash.
///
/// # Errors
/// If the bytes are no program, one of another format, damaged or out of form.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Image, u64), LoadError> {
    let parts = parts(bytes)?;
    let mut image = Image::default();
    for (part, body) in Section::ALL.iter().zip(parts.sections) {
        read_section(&mut image, *part, body)
            .map_err(|what| LoadError::Malformed { part: part.name(), what })?;
    }
    for locale in &parts.locales {
        let translation = read_translation(locale)
            .map_err(|what| LoadError::Malformed { part: Section::TRANSLATIONS, what })?;
        image.translations.push(translation);
    }
    image.debug = read_debug(&parts).map_err(|what| LoadError::Malformed { part: "debug lines", what })?;
    Ok((image, parts.hash))
}

fn read_section(image: &mut Image, part: Section, body: &[u8]) -> Result<(), Malformed> {
    let mut from = Reader::new(body);
    match part {
        Section::Strings => image.strings = read_strings(&mut from)?,
        Section::Flow => image.flow = read_flow(&mut from)?,
        Section::Settings => {
            image.settings = from.list(2, read_setting)?;
            image.built_in = read_built_in(&mut from)?;
        }
        Section::Options => {
            image.options = from.list(1, |from| Ok(OptionsDef { options: from.list(3, read_option)? }))?;
        }
        Section::Slots => image.slots = from.list(4, read_slot)?,
        Section::Facts => image.facts = from.list(1, read_fact)?,
        Section::Constants => image.constants = read_constants(&mut from, &image.strings)?,
        Section::Texts => image.texts = from.list(2, read_template)?,
        Section::Patterns => {
            image.patterns = from.list(2, |from| {
                Ok(PatternDef { kind: read_of(from, PatternKind::ALL)?, source: read_str(from)? })
            })?;
        }
        Section::Objects => image.objects = from.list(5, read_object)?,
        Section::Steps => {
            let mut end = 0;
            image.steps = from.list(4, |from| read_step(from, &mut end))?;
        }
        Section::Sites => image.sites = from.list(14, read_site)?,
        Section::Rules => read_rules(&mut from, image)?,
        Section::Code => image.code = from.raw(from.left())?.into(),
    }
    from.end()
}

fn read_str(from: &mut Reader<'_>) -> Result<Str, Malformed> {
    from.varint32().map(Str)
}

fn read_optional(from: &mut Reader<'_>) -> Result<Option<u32>, Malformed> {
    let at = from.position();
    match from.varint()?.checked_sub(1) {
        None => Ok(None),
        Some(index) => u32::try_from(index).map(Some).map_err(|_| Malformed::Number(at)),
    }
}

/// The entry of `all` whose number stands here.
fn read_of<T: Copy>(from: &mut Reader<'_>, all: &[T]) -> Result<T, Malformed> {
    let at = from.position();
    let number = usize::from(from.byte()?);
    all.get(number).copied().ok_or(Malformed::Tag(at))
}

fn read_strings(from: &mut Reader<'_>) -> Result<Strings, Malformed> {
    let mut end = 0u32;
    let at = from.position();
    let ends = from.list(1, |from| {
        end = end.checked_add(from.varint32()?).ok_or(Malformed::Number(at))?;
        Ok(end)
    })?;
    let start = from.position();
    let text = core::str::from_utf8(from.raw(end as usize)?).map_err(|_| Malformed::Utf8(start))?;
    match ends.iter().all(|end| text.is_char_boundary(*end as usize)) {
        true => Ok(Strings { text: String::from(text), ends }),
        false => Err(Malformed::Utf8(start)),
    }
}

fn read_flow(from: &mut Reader<'_>) -> Result<Flow, Malformed> {
    Ok(Flow {
        name: read_str(from)?,
        title: read_str(from)?,
        was: from.list(1, read_str)?,
        channels: from.byte()?,
        languages: from.list(1, read_str)?,
        priority: read_i32(from)?,
        inboxes: from
            .list(2, |from| Ok(InboxDef { name: read_str(from)?, hours: from.list(4, read_hours)? }))?,
        inbox: read_optional(from)?.map(Inbox),
        welcome: read_optional(from)?.map(Fragment),
        outdated: read_optional(from)?.map(Step),
        max_stack: from.varint32()?,
        longest_run: from.varint32()?,
    })
}

fn read_hours(from: &mut Reader<'_>) -> Result<Hours, Malformed> {
    Ok(Hours { days: from.byte()?, from: read_u16(from)?, to: read_u16(from)?, zone: read_str(from)? })
}

fn read_i32(from: &mut Reader<'_>) -> Result<i32, Malformed> {
    let at = from.position();
    i32::try_from(from.zigzag()?).map_err(|_| Malformed::Number(at))
}

fn read_u16(from: &mut Reader<'_>) -> Result<u16, Malformed> {
    let at = from.position();
    u16::try_from(from.varint()?).map_err(|_| Malformed::Number(at))
}

fn read_setting(from: &mut Reader<'_>) -> Result<(Setting, SettingValue), Malformed> {
    let setting = read_of(from, Setting::ALL)?;
    let at = from.position();
    let value = match from.byte()? {
        0 => SettingValue::Word(read_str(from)?),
        1 => SettingValue::Text(read_str(from)?),
        2 => SettingValue::WordAndText(read_str(from)?, read_str(from)?),
        3 => SettingValue::Duration(from.zigzag()?),
        4 => SettingValue::Colour(from.varint32()?),
        5 => SettingValue::TriggerOnExit,
        6 => SettingValue::TriggerAfter(from.zigzag()?),
        7 => SettingValue::TriggerScrolled(from.byte()?),
        _ => return Err(Malformed::Tag(at)),
    };
    Ok((setting, value))
}

fn read_option(from: &mut Reader<'_>) -> Result<OptionDef, Malformed> {
    Ok(OptionDef { name: read_str(from)?, label: read_str(from)?, value: read_str(from)? })
}

fn read_slot(from: &mut Reader<'_>) -> Result<SlotDef, Malformed> {
    Ok(SlotDef {
        name: read_str(from)?,
        was: from.list(1, read_str)?,
        ty: read_type(from)?,
        scope: read_of(from, &[Scope::Contact, Scope::Company, Scope::Local])?,
    })
}

fn read_type(from: &mut Reader<'_>) -> Result<Type, Malformed> {
    let at = from.position();
    Ok(match from.byte()? {
        0 => Type::Text,
        1 => Type::Number,
        2 => Type::Bool,
        3 => Type::Date,
        4 => Type::DateTime,
        5 => Type::Duration,
        6 => Type::Email,
        7 => Type::Phone,
        8 => Type::Url,
        9 => Type::OneOf(Options(from.varint32()?)),
        10 => Type::ManyOf(Options(from.varint32()?)),
        _ => return Err(Malformed::Tag(at)),
    })
}

fn read_fact(from: &mut Reader<'_>) -> Result<FactKind, Malformed> {
    let at = from.position();
    Ok(match from.byte()? {
        0 => FactKind::PageUrl,
        1 => FactKind::PageAddress,
        2 => FactKind::PageHost,
        3 => FactKind::PagePath,
        4 => FactKind::PageTitle,
        5 => FactKind::PageLanguage,
        6 => FactKind::PageSeconds,
        7 => FactKind::PageScrolled,
        8 => FactKind::PageQuery(read_str(from)?),
        9 => FactKind::VisitorDevice,
        10 => FactKind::VisitorCountry,
        11 => FactKind::VisitorLanguage,
        12 => FactKind::VisitorReturning,
        13 => FactKind::VisitorPages,
        14 => FactKind::ContactKnown,
        15 => FactKind::TeamAvailable(Object(from.varint32()?)),
        16 => FactKind::UserAvailable(Object(from.varint32()?)),
        17 => FactKind::InboxOpen(Inbox(from.varint32()?)),
        18 => FactKind::Today,
        19 => FactKind::Now,
        20 => FactKind::InList(Object(from.varint32()?)),
        _ => return Err(Malformed::Tag(at)),
    })
}

fn read_constants(from: &mut Reader<'_>, strings: &Strings) -> Result<Vec<Value>, Malformed> {
    from.list(1, |from| {
        read_value(from, |from| {
            let at = from.position();
            match read_optional(from)? {
                None => from.string(),
                Some(index) if (index as usize) < strings.ends.len() => {
                    Ok(String::from(strings.get(Str(index))))
                }
                Some(_) => Err(Malformed::Number(at)),
            }
        })
    })
}

/// Reads a value; `read_text` says how its texts stand.
pub(crate) fn read_value<'a>(
    from: &mut Reader<'a>,
    mut read_text: impl FnMut(&mut Reader<'a>) -> Result<String, Malformed>,
) -> Result<Value, Malformed> {
    let at = from.position();
    Ok(match from.byte()? {
        0 => Value::Text(read_text(from)?),
        1 => Value::Number(from.decimal()?),
        2 => Value::Bool(false),
        3 => Value::Bool(true),
        4 => Value::Date(read_i32(from)?),
        5 => Value::DateTime(from.zigzag()?),
        6 => Value::Duration(from.zigzag()?),
        7 => Value::Option(read_text(from)?),
        8 => Value::Options(from.list(1, read_text)?),
        _ => return Err(Malformed::Tag(at)),
    })
}

fn read_template(from: &mut Reader<'_>) -> Result<Template, Malformed> {
    let holes = from.varint32()?;
    let pieces = from.list(1, |from| read_piece(from, 0))?;
    Ok(Template { holes, pieces })
}

fn read_piece(from: &mut Reader<'_>, depth: usize) -> Result<Piece, Malformed> {
    let at = from.position();
    let number = from.varint()?;
    let index = u32::try_from(number >> 2).map_err(|_| Malformed::Number(at))?;
    if number & 3 > 1 && depth >= DEEPEST_FORM {
        return Err(Malformed::Tag(at));
    }
    Ok(match number & 3 {
        0 => Piece::Words(Str(index)),
        1 => Piece::Hole(index),
        2 => {
            let forms = from.list(2, |from| {
                let at = from.position();
                let kind = usize::from(from.byte()?);
                let case = match Category::ALL.get(kind) {
                    Some(category) => PluralCase::Category(*category),
                    None if kind == Category::ALL.len() => PluralCase::Exactly(from.decimal()?),
                    None => return Err(Malformed::Tag(at)),
                };
                Ok((case, from.list(1, |from| read_piece(from, depth + 1))?))
            })?;
            Piece::Plural { hole: index, forms }
        }
        _ => {
            let forms = from.list(2, |from| {
                let name = read_optional(from)?.map(Str);
                Ok((name, from.list(1, |from| read_piece(from, depth + 1))?))
            })?;
            Piece::Select { hole: index, forms }
        }
    })
}

fn read_object(from: &mut Reader<'_>) -> Result<ObjectDef, Malformed> {
    Ok(ObjectDef {
        kind: read_of(from, ObjectKind::ALL)?,
        name: read_str(from)?,
        title: read_str(from)?,
        link: read_optional(from)?.map(Str),
        members: from.list(1, read_str)?,
    })
}

fn read_step(from: &mut Reader<'_>, end: &mut u32) -> Result<StepDef, Malformed> {
    Ok(StepDef { name: read_str(from)?, was: from.list(1, read_str)?, code: read_range(from, end)? })
}

fn read_range(from: &mut Reader<'_>, end: &mut u32) -> Result<CodeRange, Malformed> {
    let at = from.position();
    let after = |base: u32, distance: i64| {
        let address = i64::from(base).checked_add(distance).and_then(|sum| u32::try_from(sum).ok());
        address.ok_or(Malformed::Number(at))
    };
    let start = after(*end, from.zigzag()?)?;
    *end = after(start, from.zigzag()?)?;
    Ok(CodeRange { start: Addr(start), end: Addr(*end) })
}

fn read_site(from: &mut Reader<'_>) -> Result<SiteDef, Malformed> {
    Ok(SiteDef {
        id: PlaceId(from.id64()?),
        step: Step(from.varint32()?),
        next: Addr(from.varint32()?),
        keeps: from.list(1, |from| from.varint32().map(Slot))?,
        timeout: match from.flag()? {
            true => Some((from.zigzag()?, read_arm(from)?)),
            false => None,
        },
        wait: read_wait(from)?,
    })
}

fn read_wait(from: &mut Reader<'_>) -> Result<Wait, Malformed> {
    let at = from.position();
    match from.byte()? {
        0 => Ok(Wait::Ask(read_ask(from)?)),
        1 => Ok(Wait::Act(read_act(from)?)),
        2 => Ok(Wait::Pause(from.zigzag()?)),
        3 => Ok(Wait::Do(Step(from.varint32()?))),
        4 => {
            let mut act = read_act(from)?;
            read_exchange(from, &mut act)?;
            // One that exchanges nothing has the shorter form.
            if act.exchanges() { Ok(Wait::Act(act)) } else { Err(Malformed::Tag(at)) }
        }
        _ => Err(Malformed::Tag(at)),
    }
}

fn read_act(from: &mut Reader<'_>) -> Result<ActDef, Malformed> {
    let (action, object) = (read_of(from, Action::ALL)?, Object(from.varint32()?));
    Ok(ActDef {
        arguments: from.list(1, |from| read_of(from, Argument::ALL))?,
        outcomes: from.list(2, |from| Ok((read_of(from, Outcome::ALL)?, read_arm(from)?)))?,
        deadline: if from.flag()? { Some(from.zigzag()?) } else { None },
        ..ActDef::of(action, object)
    })
}

fn read_exchange(from: &mut Reader<'_>, act: &mut ActDef) -> Result<(), Malformed> {
    act.given = from.list(3, |from| {
        Ok(GivenDef { part: read_of(from, Part::ALL)?, name: read_str(from)?, from: read_given(from)? })
    })?;
    act.results =
        from.list(2, |from| Ok(ResultDef { path: read_str(from)?, slot: Slot(from.varint32()?) }))?;
    if from.flag()? {
        let nexts = from.list(2, |from| Ok((read_str(from)?, read_arm(from)?)))?;
        act.talk = Some(TalkDef { nexts, asks: read_optional(from)?.map(Addr) });
    }
    Ok(())
}

fn read_given(from: &mut Reader<'_>) -> Result<GivenFrom, Malformed> {
    let at = from.position();
    Ok(match from.byte()? {
        0 => GivenFrom::Value(read_type(from)?),
        1 => GivenFrom::Pieces(from.list(2, |from| {
            let at = from.position();
            match from.byte()? {
                0 => Ok(GivenPiece::Words(read_str(from)?)),
                1 => Ok(GivenPiece::Value(read_type(from)?)),
                _ => Err(Malformed::Tag(at)),
            }
        })?),
        2 => GivenFrom::Secret(Object(from.varint32()?)),
        _ => return Err(Malformed::Tag(at)),
    })
}

fn read_ask(from: &mut Reader<'_>) -> Result<AskDef, Malformed> {
    Ok(AskDef {
        target: read_optional(from)?.map(Slot),
        ty: read_type(from)?,
        replies: from.list(7, |from| {
            Ok(ReplyDef {
                id: ReplyId(from.id32()?),
                label: read_str(from)?,
                value: read_optional(from)?.map(Const),
                arm: read_arm(from)?,
            })
        })?,
        otherwise: if from.flag()? { Some(read_arm(from)?) } else { None },
        invalid: read_optional(from)?.map(Fragment),
        attempts: if from.flag()? { Some((from.varint32()?, read_arm(from)?)) } else { None },
    })
}

fn read_arm(from: &mut Reader<'_>) -> Result<Arm, Malformed> {
    let at = from.position();
    let number = from.varint()?;
    let index = |number: u64| u32::try_from(number).map_err(|_| Malformed::Number(at));
    match (number, number & 1) {
        (0, _) => Ok(Arm::Next),
        (_, 1) => Ok(Arm::Step(Step(index(number >> 1)?))),
        _ => Ok(Arm::Block(Addr(index((number >> 1) - 1)?))),
    }
}

fn read_rules(from: &mut Reader<'_>, image: &mut Image) -> Result<(), Malformed> {
    let mut end = 0;
    image.fragments = from.list(2, |from| read_range(from, &mut end))?;
    image.show = from.list(1, |from| from.varint32().map(Fragment))?;
    image.hide = from.list(1, |from| from.varint32().map(Fragment))?;
    image.anytime =
        from.list(2, |from| Ok(AnytimeDef { when: Fragment(from.varint32()?), arm: read_arm(from)? }))?;
    Ok(())
}

fn read_built_in(from: &mut Reader<'_>) -> Result<Vec<(BuiltIn, Str)>, Malformed> {
    from.list(2, |from| {
        let at = from.position();
        let number = usize::from(from.byte()?);
        let (text, ..) = BuiltIn::ALL.get(number).ok_or(Malformed::Tag(at))?;
        Ok((*text, read_str(from)?))
    })
}

fn read_translation(body: &[u8]) -> Result<Translation, Malformed> {
    let mut from = Reader::new(body);
    let translation = Translation {
        language: from.varint32()?,
        strings: read_strings(&mut from)?,
        texts: from.list(3, |from| Ok((Text(from.varint32()?), read_template(from)?)))?,
        replies: from.list(3, |from| Ok(((Site(from.varint32()?), from.varint32()?), read_str(from)?)))?,
        options: from.list(3, |from| Ok(((Options(from.varint32()?), from.varint32()?), read_str(from)?)))?,
        settings: from.list(2, |from| Ok((read_of(from, Setting::ALL)?, read_str(from)?)))?,
        built_in: read_built_in(&mut from)?,
        objects: from.list(2, |from| Ok((Object(from.varint32()?), read_str(from)?)))?,
    };
    from.end()?;
    Ok(translation)
}

fn read_debug(parts: &Parts<'_>) -> Result<Option<Debug>, Malformed> {
    let Some(body) = parts.debug else { return Ok(None) };
    let mut from = Reader::new(body);
    let file = read_str(&mut from)?;
    let mut begins = 0u32;
    let files = from.list(2, |from| {
        let start = from.position();
        begins = begins.checked_add(from.varint32()?).ok_or(Malformed::Number(start))?;
        Ok((Addr(begins), read_str(from)?))
    })?;
    let (mut at, mut line) = (0u32, 0u32);
    let lines = from.list(2, |from| {
        let start = from.position();
        let mut after = |base: u32| {
            let sum = i64::from(base).checked_add(from.zigzag()?);
            sum.and_then(|sum| u32::try_from(sum).ok()).ok_or(Malformed::Number(start))
        };
        (at, line) = (after(at)?, after(line)?);
        Ok((Addr(at), line))
    })?;
    from.end()?;
    Ok(Some(Debug { file, files, lines }))
}
