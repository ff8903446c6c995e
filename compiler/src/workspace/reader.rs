//! Reads the declarations of a workspace file.

use std::collections::BTreeMap;

use chatflow_runtime::language::BuiltIn;
use chatflow_runtime::plan::Plan;

use super::hours::hours;
use super::zones;
use super::{
    FunctionInfo, ParameterInfo, PropertyInfo, SEATS, Thing, ThingInfo, Workspace, duplicate, misplaced,
    not_taken, repeated, single_word, type_of, unknown_setting,
};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::near::suggestion;
use crate::source::Span;
use crate::text::plain_text;
use crate::token::Kind;
use crate::tree::{At, Expr, ExprKind, Item, Line, LineKind, Property, TypeExpr};

pub(super) struct Reader<'a> {
    pub(super) workspace: Workspace,
    pub(super) found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn item(&mut self, view: View<'_>, item: &Item) {
        match item {
            Item::Header { name, title, .. } => {
                self.workspace.name = view.text(*name).to_owned();
                self.workspace.title =
                    title.as_ref().and_then(|title| plain_text(view, title, self.found)).unwrap_or_default();
                self.workspace.title_span = title.as_ref().map(|title| view.span(title.range));
            }
            Item::Properties { head, properties } => {
                let scope = view.text(*head);
                for property in properties {
                    self.property(view, scope, property);
                }
            }
            Item::Function { name, parameters, result } => self.function(view, *name, parameters, result),
            Item::Declaration { head, values, block } => {
                match (view.kind(*head).and_then(Thing::of), view.kind(*head)) {
                    (Some(thing), _) => self.thing(view, thing, values, block.as_deref()),
                    (None, Some(Kind::Plan)) => {
                        not_taken(view, view.at(*head), &[], block.as_deref(), self.found);
                        self.plan(view, *head, values);
                    }
                    (None, Some(Kind::Privacy)) => {
                        not_taken(view, view.at(*head), &[], block.as_deref(), self.found);
                        self.privacy(view, *head, values);
                    }
                    (None, Some(Kind::Texts)) => {
                        not_taken(view, view.at(*head), values, None, self.found);
                        self.texts(view, block.as_deref().unwrap_or(&[]));
                    }
                    (None, Some(kind)) if kind != Kind::Word => self.misplaced(view, *head, view.text(*head)),
                    (None, _) => self.unknown_block(view.text(*head), view.at(*head)),
                }
            }
            Item::Step { name, .. } => self.misplaced(view, *name, "step"),
            Item::Outdated { step, .. } => self.misplaced(view, *step, "outdated"),
            Item::Anytime { .. } => self.misplaced(view, 0, "anytime"),
            Item::Test { .. } => self.misplaced(view, 0, "test"),
            Item::TestsFor { .. } => self.misplaced(view, 0, "tests"),
            Item::Error => {}
        }
    }

    fn unknown_block(&mut self, word: &str, span: Span) {
        let all = Thing::ALL.iter().map(|(_, thing)| thing.word());
        let all = all.chain(["contact", "company", "plan", "privacy", "texts"]);
        let mut found = Diagnostic::new(Code::UnknownWord, span, format!("a workspace has no `{word}`"))
            .here("unknown here");
        found.help = suggestion(word, all.clone(), "")
            .or_else(|| Some(format!("A workspace has: {}.", all.clone().collect::<Vec<_>>().join(", "))));
        self.found.push(found.word_meant(word, span, all));
    }

    fn misplaced(&mut self, view: View<'_>, at: u32, word: &str) {
        self.found.push(misplaced(view.at(at), word, "a workspace", None));
    }

    /// `plan professional`.
    fn plan(&mut self, view: View<'_>, head: At, values: &[Expr]) {
        if let Some((_, first)) = self.workspace.plan {
            self.found.push(repeated("plan", view.at(head), first));
            return;
        }
        let words = Plan::ALL.iter().map(|plan| plan.word());
        let Some((word, span)) = self.one_word(view, head, values, "plan", words) else { return };
        self.workspace.plan = Plan::named(word).map(|plan| (plan, span));
    }

    /// `texts { agree "OK" }`.
    fn texts(&mut self, view: View<'_>, lines: &[Line]) {
        let words: Vec<(BuiltIn, String)> =
            BuiltIn::ALL.iter().map(|(text, ..)| (*text, text.word())).collect();
        for line in lines {
            let LineKind::Entry { head, values, arrow: None, .. } = &line.kind else {
                if line.kind != LineKind::Error {
                    let found = Diagnostic::new(
                        Code::UnknownSetting,
                        view.span(line.range),
                        "expected the name of a text",
                    );
                    self.found.push(found.here("no name").help("Write `NAME \"…\"`, like `agree \"OK\"`."));
                }
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            let Some((text, _)) = words.iter().find(|(_, known)| known == word) else {
                let known = || words.iter().map(|(_, word)| word.as_str());
                let mut found =
                    Diagnostic::new(Code::UnknownSetting, span, format!("no text is called `{word}`"))
                        .here("unknown text");
                found.help = suggestion(word, known(), "The texts")
                    .or_else(|| Some("The reference lists them under \"Languages\".".to_owned()));
                self.found.push(found.word_meant(word, span, known()));
                continue;
            };
            let said = match values.as_slice() {
                [value] if matches!(value.kind, ExprKind::Text(_)) => plain_text(view, value, self.found),
                _ => {
                    self.bad(view, span, values, word, "a text in quotes");
                    None
                }
            };
            let Some(said) = said else { continue };
            if said.trim().is_empty() {
                self.bad(view, span, values, word, "a text that says something");
                continue;
            }
            let at = values.first().map_or(span, |value| view.span(value.range));
            if let Some((_, first)) = self.workspace.texts.get(text) {
                self.found.push(repeated(word, at, *first));
                continue;
            }
            self.workspace.texts.insert(*text, (said, at));
        }
    }

    /// `privacy strict`.
    fn privacy(&mut self, view: View<'_>, head: At, values: &[Expr]) {
        if let Some(first) = self.workspace.strict {
            self.found.push(repeated("privacy", view.at(head), first));
            return;
        }
        let word = self.one_word(view, head, values, "privacy", ["strict"].into_iter());
        self.workspace.strict = word.map(|(_, span)| view.at(head).to(span));
    }

    /// The one word of a line, which is one of these; anything else is reported.
    fn one_word<'v>(
        &mut self,
        view: View<'v>,
        head: At,
        values: &[Expr],
        what: &str,
        words: impl Iterator<Item = &'static str> + Clone,
    ) -> Option<(&'v str, Span)> {
        let all = || words.clone().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let [value] = values else {
            let span = values.get(1).map_or(view.at(head), |value| view.span(value.range));
            let found = Diagnostic::new(Code::BadSetting, span, format!("`{what}` takes one word"))
                .here("does not fit")
                .help(format!("Write `{what} WORD` with one of {}.", all()));
            self.found.push(found);
            return None;
        };
        let (word, span) = (view.source(value.range), view.span(value.range));
        if words.clone().any(|known| known == word) {
            return Some((word, span));
        }
        if value.kind != ExprKind::Error {
            let mut found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` is no {what}"))
                .here(format!("not a {what}"));
            found.help = suggestion(word, words.clone(), &format!("`{what}` takes"));
            self.found.push(found.word_meant(word, span, words));
        }
        None
    }

    fn property(&mut self, view: View<'_>, scope: &str, property: &Property) {
        let name = format!("{scope}.{}", view.text(property.name));
        let span = view.at(property.name);
        if let Some(label) = &property.label {
            plain_text(view, label, self.found);
        }
        let ty = type_of(view, &property.ty, self.found);
        ty.declared_for(&name);
        if let Some(first) = self.workspace.properties.get(&name) {
            self.found.push(duplicate(&name, span, first.span));
            return;
        }
        self.workspace.properties.insert(name, PropertyInfo { ty, span });
    }

    /// `function price_for(seats: number): number`.
    fn function(&mut self, view: View<'_>, name: At, parameters: &[(At, TypeExpr)], result: &TypeExpr) {
        let (name, span) = (view.text(name), view.at(name));
        let mut known: Vec<ParameterInfo> = Vec::with_capacity(parameters.len());
        let mut places: BTreeMap<&str, Span> = BTreeMap::new();
        for (at, ty) in parameters {
            let (parameter, span) = (view.text(*at), view.at(*at));
            let ty = type_of(view, ty, self.found);
            ty.declared_for(&format!("{name} {parameter}"));
            match places.get(parameter) {
                Some(first) => self.found.push(duplicate(parameter, span, *first)),
                None => {
                    places.insert(parameter, span);
                }
            }
            known.push(ParameterInfo { name: parameter.to_owned(), ty, span });
        }
        let result = type_of(view, result, self.found);
        result.declared_for(name);
        if self.workspace.thing(Thing::Function, name).is_none() {
            let info = FunctionInfo { parameters: known, result };
            self.workspace.functions.insert(name.to_owned(), info);
        }
        self.declare(Thing::Function, name, ThingInfo::new(name, span));
    }

    fn declare(&mut self, thing: Thing, name: &str, info: ThingInfo) {
        if let Some(first) = self.workspace.thing(thing, name) {
            self.found.push(duplicate(name, info.span, first.span));
            return;
        }
        self.workspace.things.insert((thing, name.to_owned()), info);
    }

    /// `team sales "Sales" { members [ada, bo] }`.
    fn thing(&mut self, view: View<'_>, thing: Thing, values: &[Expr], block: Option<&[Line]>) {
        let Some((name, span)) = values.first().and_then(|value| single_word(view, value)) else {
            let span = values.first().map_or(view.at(0).at_end(), |value| view.span(value.range));
            let word = thing.word();
            let found = Diagnostic::new(Code::Syntax, span, format!("expected the name of the {word}"))
                .here("a name belongs here")
                .help(format!("Write `{word} NAME \"Title\"`."));
            self.found.push(found);
            return;
        };
        let mut info = ThingInfo::new(name, span);
        let mut title: Option<Span> = None;
        for value in values.get(1..).unwrap_or(&[]) {
            let at = view.span(value.range);
            if let (Some(first), ExprKind::Text(_)) = (title.replace(at), &value.kind) {
                self.found.push(repeated("title", at, first));
                continue;
            }
            match &value.kind {
                ExprKind::Text(_) => info.title = plain_text(view, value, self.found).unwrap_or_default(),
                ExprKind::Error => {}
                _ => self.found.push(
                    Diagnostic::new(Code::Syntax, view.span(value.range), "expected a title in quotes")
                        .here("a text belongs here"),
                ),
            }
        }
        if let (None, Some(last)) = (block, values.last()) {
            info.blockless = Some(view.span(last.range).at_end());
        }
        let mut given: Vec<(&str, Span)> = Vec::new();
        for line in block.unwrap_or(&[]) {
            let LineKind::Entry { head, values, .. } = &line.kind else {
                if line.kind != LineKind::Error {
                    let found = Diagnostic::new(
                        Code::UnknownSetting,
                        view.span(line.range),
                        "expected a setting, found a text",
                    );
                    self.found.push(found.here("not a setting"));
                }
                continue;
            };
            let (word, at) = (view.text(*head), view.at(*head));
            if !thing.settings().contains(&word) {
                self.found.push(unknown_setting(word, at, thing.word(), thing.settings()));
                continue;
            }
            match given.iter().find(|(other, _)| *other == word) {
                Some((_, first)) if word != "hours" => self.found.push(repeated(word, at, *first)),
                _ => self.setting(view, &mut info, word, at, values),
            }
            given.push((word, at));
        }
        self.declare(thing, name, info);
    }

    fn setting(&mut self, view: View<'_>, info: &mut ThingInfo, word: &str, at: Span, values: &[Expr]) {
        match (word, values) {
            ("hours", _) => match hours(view, values) {
                Some(hours) => {
                    self.zone(&hours.zone, values.last().map_or(at, |zone| view.span(zone.range)));
                    info.hours.push(hours);
                }
                None => self.bad(
                    view,
                    at,
                    values,
                    "hours",
                    "days, times and a zone: `monday..friday 09:00..17:30 in \"Europe/Amsterdam\"`",
                ),
            },
            ("link", [value]) => {
                info.link = plain_text(view, value, self.found);
                if info
                    .link
                    .as_deref()
                    .is_some_and(|link| !link.starts_with("https://") && !link.starts_with("http://"))
                {
                    self.bad(view, at, values, "link", "an address that begins with `https://`");
                }
            }
            ("members" | "stages", [Expr { kind: ExprKind::List(members), .. }]) => {
                for member in members {
                    match single_word(view, member) {
                        Some((name, span)) => info.names.push((name.to_owned(), span)),
                        None => self.bad(view, at, std::slice::from_ref(member), word, "names: `[a, b]`"),
                    }
                }
            }
            ("seat", [value]) if SEATS.contains(&view.source(value.range)) => {
                info.seat = Some(view.source(value.range).to_owned());
            }
            ("seat", _) => self.bad(view, at, values, "seat", "`sales` or `service`"),
            ("kind", [value]) if matches!(view.source(value.range), "csat" | "nps" | "ces") => {}
            ("kind", _) => self.bad(view, at, values, "kind", "`csat`, `nps` or `ces`"),
            _ => self.bad(
                view,
                at,
                values,
                word,
                if word == "link" { "an address" } else { "names: `[a, b]`" },
            ),
        }
    }

    fn bad(&mut self, view: View<'_>, at: Span, values: &[Expr], word: &str, takes: &str) {
        if values.iter().any(|value| value.kind == ExprKind::Error) {
            return;
        }
        let span = match (values.first(), values.last()) {
            (Some(first), Some(last)) => view.span(first.range).to(view.span(last.range)),
            _ => at,
        };
        let found = Diagnostic::new(Code::BadSetting, span, format!("`{word}` cannot have this value"))
            .here("does not fit")
            .help(format!("`{word}` takes {takes}."));
        self.found.push(found);
    }

    /// The zone of hours is one that there is.
    fn zone(&mut self, name: &str, span: Span) {
        if zones::exists(name) {
            return;
        }
        let mut found = Diagnostic::new(Code::UnknownZone, span, format!("there is no time zone `{name}`"))
            .here("unknown zone");
        match zones::near(name) {
            Some(near) => {
                found = found.help(format!("Did you mean `{near}`?")).suggest(
                    format!("write `{near}`"),
                    span,
                    format!("\"{near}\""),
                );
            }
            None => {
                found.help = Some(
                    "Zones have the names of the IANA database: a region and a city, like `Europe/Amsterdam`, or `UTC`."
                        .to_owned(),
                );
            }
        }
        self.found.push(found);
    }

    /// The members of teams are users.
    pub(super) fn members(&mut self) {
        for ((thing, _), info) in &self.workspace.things {
            for (name, span) in info.names.iter().filter(|_| *thing == Thing::Team) {
                if self.workspace.thing(Thing::User, name).is_none() {
                    let mut found =
                        Diagnostic::new(Code::UnknownObject, *span, format!("no user is called `{name}`"))
                            .here("unknown user");
                    found.help = suggestion(name, self.workspace.names(Thing::User), "The users");
                    self.found.push(found);
                }
            }
        }
    }
}
