//! Machines that take one row of a table for another: facts, types, settings, and what a flow's header says.

use chatflow_runtime::fact::{FACTS, FactKind};
use chatflow_runtime::id::{Inbox, Str};
use chatflow_runtime::image::{Arm, InboxDef, Piece, PluralCase, Wait};
use chatflow_runtime::plural::Category;
use chatflow_runtime::setting::Setting;
use chatflow_runtime::value::Type;

use super::Mutant;

/// The facts that flows can test, by name: those of the table, and those that are made of names.
pub fn facts() -> Vec<&'static str> {
    let made = [
        FactKind::PageAddress,
        FactKind::PageQuery(Str(0)),
        FactKind::ContactKnown,
        FactKind::TeamAvailable(chatflow_runtime::id::Object(0)),
        FactKind::UserAvailable(chatflow_runtime::id::Object(0)),
        FactKind::InboxOpen(Inbox(0)),
        FactKind::InList(chatflow_runtime::id::Object(0)),
    ];
    FACTS.iter().map(|row| row.name).chain(made.map(name_of)).collect()
}

fn name_of(kind: FactKind) -> &'static str {
    match kind {
        FactKind::PageAddress => "page.url, without its query",
        FactKind::PageQuery(_) => "page.query",
        FactKind::ContactKnown => "contact is known",
        FactKind::TeamAvailable(_) => "team is available",
        FactKind::UserAvailable(_) => "user is available",
        FactKind::InboxOpen(_) => "inbox is open",
        FactKind::InList(_) => "contact is in list",
        FactKind::PageUrl
        | FactKind::PageHost
        | FactKind::PagePath
        | FactKind::PageTitle
        | FactKind::PageLanguage
        | FactKind::PageSeconds
        | FactKind::PageScrolled
        | FactKind::VisitorDevice
        | FactKind::VisitorCountry
        | FactKind::VisitorLanguage
        | FactKind::VisitorReturning
        | FactKind::VisitorPages
        | FactKind::Today
        | FactKind::Now => {
            FACTS.iter().find(|row| row.kind == kind).map_or("a fact without a row", |row| row.name)
        }
    }
}

/// The mutant in which another fact of the same type is taken for the one with this name.
pub fn of_fact(name: &'static str) -> Mutant {
    Mutant::of_programs(format!("`{name}` is another fact"), move |image| {
        let no_name = image.strings.push("no such name");
        let no_inbox = Inbox(image.flow.inboxes.len() as u32);
        image.flow.inboxes.push(InboxDef { name: no_name, hours: Vec::new() });
        for fact in image.facts.iter_mut().filter(|fact| name_of(**fact) == name) {
            *fact = another(*fact, no_name, no_inbox);
        }
    })
}

fn another(kind: FactKind, no_name: Str, no_inbox: Inbox) -> FactKind {
    match kind {
        FactKind::PageUrl => FactKind::PageAddress,
        FactKind::PageAddress => FactKind::PageUrl,
        FactKind::PageHost => FactKind::PagePath,
        FactKind::PagePath => FactKind::PageHost,
        FactKind::PageTitle => FactKind::PageLanguage,
        FactKind::PageLanguage => FactKind::VisitorLanguage,
        FactKind::PageSeconds => FactKind::PageScrolled,
        FactKind::PageScrolled => FactKind::PageSeconds,
        FactKind::PageQuery(_) => FactKind::PageQuery(no_name),
        FactKind::Today => FactKind::Now,
        FactKind::Now => FactKind::Today,
        FactKind::VisitorDevice => FactKind::VisitorCountry,
        FactKind::VisitorCountry => FactKind::VisitorDevice,
        FactKind::VisitorLanguage => FactKind::PageLanguage,
        FactKind::VisitorPages => FactKind::PageSeconds,
        FactKind::VisitorReturning | FactKind::InboxOpen(_) | FactKind::InList(_) => FactKind::ContactKnown,
        FactKind::ContactKnown => FactKind::VisitorReturning,
        FactKind::TeamAvailable(_) | FactKind::UserAvailable(_) => FactKind::InboxOpen(no_inbox),
    }
}

/// The types, by name; lists of options without their options.
pub fn types() -> Vec<&'static str> {
    let list = chatflow_runtime::id::Options(0);
    let types = [
        Type::Text,
        Type::Number,
        Type::Bool,
        Type::Date,
        Type::DateTime,
        Type::Duration,
        Type::Email,
        Type::Phone,
        Type::Url,
        Type::OneOf(list),
        Type::ManyOf(list),
    ];
    types.map(type_name).to_vec()
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::Text => "text",
        Type::Number => "number",
        Type::Bool => "bool",
        Type::Date => "date",
        Type::DateTime => "datetime",
        Type::Duration => "duration",
        Type::Email => "email",
        Type::Phone => "phone",
        Type::Url => "url",
        Type::OneOf(_) => "one of",
        Type::ManyOf(_) => "many of",
    }
}

/// The mutants in which what is of this type is read as another: an answer, and what the host says.
pub fn of_type(name: &'static str) -> Vec<Mutant> {
    let other = |ty: Type| match ty {
        Type::Text => Type::Number,
        Type::ManyOf(list) => Type::OneOf(list),
        Type::Number
        | Type::Bool
        | Type::Date
        | Type::DateTime
        | Type::Duration
        | Type::Email
        | Type::Phone
        | Type::Url
        | Type::OneOf(_) => Type::Text,
    };
    let answers =
        Mutant::of_programs(format!("an answer of type `{name}` is read as another"), move |image| {
            for site in &mut image.sites {
                match &mut site.wait {
                    Wait::Ask(ask) if type_name(ask.ty) == name => ask.ty = other(ask.ty),
                    Wait::Ask(_) | Wait::Act(_) | Wait::Pause(_) | Wait::Do(_) => {}
                }
            }
        });
    let values =
        Mutant::of_programs(format!("a value of type `{name}` is taken for another"), move |image| {
            for slot in image.slots.iter_mut().filter(|slot| type_name(slot.ty) == name) {
                slot.ty = other(slot.ty);
            }
        });
    vec![answers, values]
}

/// Whether a conversation can see what a setting does; the others are for hosts, who ask the program.
pub fn is_seen_in_conversations(setting: Setting) -> bool {
    match setting {
        Setting::SessionTimeout | Setting::ErrorText | Setting::Availability | Setting::Processing => true,
        Setting::Heading
        | Setting::Avatar
        | Setting::Accent
        | Setting::Placement
        | Setting::Desktop
        | Setting::Mobile
        | Setting::Trigger
        | Setting::TypingDelay
        | Setting::Marketing
        | Setting::Survey
        | Setting::Cookies => false,
    }
}

/// The mutant in which a setting is not heeded.
pub fn of_setting(setting: Setting) -> Mutant {
    Mutant::of_programs(format!("`{}` is not heeded", setting.spec().word), move |image| {
        image.settings.retain(|(given, _)| *given != setting);
    })
}

/// The mutants of what stands in the header and beside the steps.
pub fn of_header() -> Vec<Mutant> {
    vec![
        Mutant::of_programs("the welcome is not said", |image| image.flow.welcome = None),
        Mutant::of_programs("every channel will do", |image| image.flow.channels = 0b1111),
        Mutant::of_programs("only the website will do", |image| image.flow.channels = 1),
        Mutant::of_programs("the language is English", |image| image.flow.languages.clear()),
        Mutant::of_programs("priorities count the other way", |image| {
            image.flow.priority = -image.flow.priority;
        }),
        Mutant::of_programs("no flow has a priority", |image| image.flow.priority = 0),
        Mutant::of_programs("the inbox is the host's own", |image| {
            image.flow.inbox = None;
        }),
        Mutant::of_programs("every inbox has the hours of the flow's own", |image| {
            let own = image.own_inbox().map(|inbox| inbox.hours.clone()).unwrap_or_default();
            image.flow.inboxes.iter_mut().for_each(|inbox| inbox.hours.clone_from(&own));
        }),
        Mutant::of_programs("the first hours of an inbox are all", |image| {
            image.flow.inboxes.iter_mut().for_each(|inbox| inbox.hours.truncate(1));
        }),
        Mutant::of_programs("hours are in the zone of the flow's inbox", |image| {
            let own = image.own_inbox().and_then(|inbox| Some(inbox.hours.first()?.zone));
            let all = image.flow.inboxes.iter_mut().flat_map(|inbox| &mut inbox.hours);
            if let Some(own) = own {
                all.for_each(|hours| hours.zone = own);
            }
        }),
        Mutant::of_programs("every flow shows everywhere", |image| image.show.clear()),
        Mutant::of_programs("the first `show when` counts", |image| image.show.truncate(1)),
        Mutant::of_programs("the last `show when` counts", |image| {
            image.show.drain(..image.show.len().saturating_sub(1));
        }),
        Mutant::of_programs("nothing hides a flow", |image| image.hide.clear()),
        Mutant::of_programs("the first `hide when` counts", |image| image.hide.truncate(1)),
        Mutant::of_programs("what hides a flow shows it", |image| image.show.append(&mut image.hide)),
        Mutant::of_programs("`anytime` hears nothing", |image| image.anytime.clear()),
        Mutant::of_programs("the first line of `anytime` is all", |image| image.anytime.truncate(1)),
        Mutant::of_programs("the last line of `anytime` comes first", |image| image.anytime.reverse()),
        Mutant::of_programs("`anytime` leads to the first step", |image| {
            image.anytime.iter_mut().for_each(|line| line.arm = Arm::Step(chatflow_runtime::id::Step(0)));
        }),
        Mutant::of_programs("a team has no members", |image| {
            image.objects.iter_mut().for_each(|object| object.members.clear());
        }),
        Mutant::of_programs("an option's label is its name", |image| {
            let options = image.options.iter_mut().flat_map(|list| &mut list.options);
            options.for_each(|option| option.label = option.name);
        }),
        Mutant::of_programs("a text is its words", |image| {
            for text in &mut image.texts {
                text.pieces.retain(|piece| matches!(piece, Piece::Words(_)));
            }
        }),
        Mutant::of_programs("a text is its holes", |image| {
            for text in &mut image.texts {
                text.pieces.retain(|piece| matches!(piece, Piece::Hole(_)));
            }
        }),
        Mutant::of_programs("a plural has one form", |image| {
            for piece in image.texts.iter_mut().flat_map(|text| &mut text.pieces) {
                if let Piece::Plural { forms, .. } = piece {
                    forms.retain(|(case, _)| *case == PluralCase::Category(Category::Other));
                }
            }
        }),
        Mutant::of_programs("a plural is never exact", |image| {
            for piece in image.texts.iter_mut().flat_map(|text| &mut text.pieces) {
                if let Piece::Plural { forms, .. } = piece {
                    forms.retain(|(case, _)| matches!(case, PluralCase::Category(_)));
                }
            }
        }),
        Mutant::of_programs("a selection takes the first form", |image| {
            for piece in image.texts.iter_mut().flat_map(|text| &mut text.pieces) {
                if let Piece::Select { forms, .. } = piece {
                    forms.truncate(1);
                    forms.iter_mut().for_each(|(name, _)| *name = None);
                }
            }
        }),
        Mutant::of_programs("a selection takes the form for all others", |image| {
            for piece in image.texts.iter_mut().flat_map(|text| &mut text.pieces) {
                if let Piece::Select { forms, .. } = piece {
                    forms.retain(|(name, _)| name.is_none());
                }
            }
        }),
        Mutant::of_programs("the pieces of a text stand the other way round", |image| {
            image.texts.iter_mut().for_each(|text| text.pieces.reverse());
        }),
    ]
}
