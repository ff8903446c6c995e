//! The settings of `display`, `options` and `consent`, by the table of the runtime.

use chatflow_runtime::plan::Feature;
use chatflow_runtime::setting::{Setting, SettingBlock, SettingTakes, SettingValue};

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::literal::{colour, duration, percent};
use crate::source::Span;
use crate::text::plain_text;
use crate::token::Kind;
use crate::tree::{Expr, ExprKind, Line, LineKind};
use crate::workspace::{Thing, repeated, unknown_setting};

/// A chat that opens earlier counts against a page's speed, in milliseconds: HubSpot's advice is 5 seconds or more.
const EARLIEST_TRIGGER: i64 = 5000;

impl Checker<'_> {
    pub(super) fn settings(&mut self, view: View<'_>, kind: Kind, lines: &[Line]) {
        let block = match kind {
            Kind::Display => SettingBlock::Display,
            Kind::Options => SettingBlock::Options,
            _ => SettingBlock::Consent,
        };
        let mut given: Vec<(Setting, Span)> = Vec::new();
        for line in lines {
            let LineKind::Entry { head, values, .. } = &line.kind else {
                self.not_a_setting(view, line);
                continue;
            };
            let (word, span) = (view.text(*head), view.at(*head));
            let Some(setting) = Setting::named(block, word) else {
                let all: Vec<&'static str> = Setting::ALL
                    .iter()
                    .map(|setting| setting.spec())
                    .filter(|spec| spec.block == block)
                    .map(|spec| spec.word)
                    .collect();
                self.found.push(unknown_setting(word, span, block.word(), &all));
                continue;
            };
            let first = given.iter().find(|(other, _)| *other == setting).map(|(_, first)| *first);
            if let Some(first) = first.filter(|_| setting != Setting::Trigger) {
                self.found.push(repeated(word, span, first));
                continue;
            }
            given.push((setting, span));
            if setting == Setting::Survey {
                self.uses_feature(Feature::Survey, span);
            }
            if block == SettingBlock::Display || setting == Setting::Cookies {
                self.of_a_page.push(span);
            }
            if let Some(value) = self.setting(view, setting, span, values) {
                self.setting_text(view, setting, values);
                if let (Setting::SessionTimeout, SettingValue::Duration(ms)) = (setting, value) {
                    self.flow.session_timeout = ms;
                }
                if let (Setting::ErrorText, SettingValue::Text(text))
                | (Setting::Processing, SettingValue::WordAndText(_, text)) = (setting, value)
                {
                    let at = values.last().map_or(span, |value| view.span(value.range));
                    self.flow.said.push((setting, text, at));
                }
                if matches!(value, SettingValue::TriggerAfter(ms) if ms < EARLIEST_TRIGGER) {
                    let found = Diagnostic::new(Code::EarlyTrigger, span, "this comes while the page may still load")
                        .here("less than 5 seconds")
                        .help("Give the page 5 seconds: a chat that opens at once makes it slower, and is in the way.");
                    self.found.push(found);
                }
                self.tables.image.settings.push((setting, value));
            }
        }
        if block == SettingBlock::Display {
            self.triggers(&given);
        }
        self.tables.image.settings.sort_by_key(|(setting, _)| *setting);
    }

    /// Triggers that nothing waits for, and a chat that waits for one where there is none.
    fn triggers(&mut self, given: &[(Setting, Span)]) {
        let place = |wanted| given.iter().find(|(setting, _)| *setting == wanted).map(|(_, span)| *span);
        let shows = |wanted: Setting, word: &str| {
            let image = &self.tables.image;
            let value =
                image.settings.iter().find(|(setting, _)| *setting == wanted).map(|(_, value)| *value);
            matches!(value, Some(SettingValue::Word(at)) if image.strings.get(at) == word)
        };
        let idle = match (place(Setting::Trigger), place(Setting::Desktop)) {
            (None, Some(desktop)) if shows(Setting::Desktop, "open") => Some(
                Diagnostic::new(Code::IdleTrigger, desktop, "nothing opens this chat but a click")
                    .here("`open` waits for a trigger")
                    .help("Add `trigger after 8s` or another trigger, or write `desktop prompt`."),
            ),
            (Some(trigger), Some(desktop))
                if shows(Setting::Desktop, "launcher") && !shows(Setting::Mobile, "prompt") =>
            {
                Some(
                    Diagnostic::new(Code::IdleTrigger, trigger, "this trigger does nothing")
                        .here("nothing waits for it")
                        .label(desktop, "the launcher alone shows")
                        .help("Write `desktop prompt` or `desktop open`, or delete the trigger."),
                )
            }
            _ => None,
        };
        self.found.extend(idle);
    }

    fn setting(
        &mut self,
        view: View<'_>,
        setting: Setting,
        head: Span,
        values: &[Expr],
    ) -> Option<SettingValue> {
        let spec = setting.spec();
        let written = |value: &Expr| view.source(value.range);
        let value = match (&spec.takes, values) {
            (SettingTakes::Text, [text]) => {
                self.plain(view, text)?.map(|text| SettingValue::Text(self.tables.str(&text)))
            }
            (SettingTakes::Url, [text]) => self
                .plain(view, text)?
                .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
                .map(|url| SettingValue::Text(self.tables.str(&url))),
            (SettingTakes::Colour, [value]) => colour(written(value)).map(SettingValue::Colour),
            (SettingTakes::Duration, [value]) => duration(written(value))
                .filter(|ms| *ms > 0 || (*ms == 0 && setting != Setting::SessionTimeout))
                .map(SettingValue::Duration),
            (SettingTakes::Survey, [value]) => {
                let survey = crate::workspace::single_word(view, value);
                if let Some((name, span)) = survey {
                    self.declared(Thing::Survey, name, span)?;
                }
                survey.map(|(name, _)| SettingValue::Word(self.tables.str(name)))
            }
            (SettingTakes::Word(words), [value]) if words.contains(&written(value)) => {
                Some(SettingValue::Word(self.tables.str(written(value))))
            }
            (SettingTakes::WordAndText(words), [value, rest @ ..]) if words.contains(&written(value)) => {
                let word = self.tables.str(written(value));
                match rest {
                    [] => Some(SettingValue::Word(word)),
                    [text] => self
                        .plain(view, text)?
                        .map(|text| SettingValue::WordAndText(word, self.tables.str(&text))),
                    _ => None,
                }
            }
            (SettingTakes::Trigger, [value]) if written(value) == "on_exit" => {
                Some(SettingValue::TriggerOnExit)
            }
            (SettingTakes::Trigger, [word, value]) => match written(word) {
                "after" => duration(written(value)).map(SettingValue::TriggerAfter),
                "scrolled" => percent(written(value)).map(SettingValue::TriggerScrolled),
                _ => None,
            },
            _ => None,
        };
        if value.is_none() && !values.iter().any(|value| value.kind == ExprKind::Error) {
            self.bad_setting(view, setting, head, values);
        }
        value
    }

    /// The words of a text without holes; `Some(None)` for what is no text, `None` for what was reported.
    fn plain(&mut self, view: View<'_>, text: &Expr) -> Option<Option<String>> {
        if !matches!(text.kind, ExprKind::Text(_)) {
            return Some(None);
        }
        plain_text(view, text, &mut self.found).map(Some)
    }

    fn bad_setting(&mut self, view: View<'_>, setting: Setting, head: Span, values: &[Expr]) {
        let spec = setting.spec();
        let span = match (values.first(), values.last()) {
            (Some(first), Some(last)) => view.span(first.range).to(view.span(last.range)),
            _ => head,
        };
        let takes = match spec.takes {
            SettingTakes::Text => "a text in quotes".to_owned(),
            SettingTakes::Url => "an address in quotes that begins with `https://`".to_owned(),
            SettingTakes::Colour => "a colour: `#rgb` or `#rrggbb`".to_owned(),
            SettingTakes::Duration => "a duration: `800ms`, `8s`, `30m`".to_owned(),
            SettingTakes::Survey => "the name of a survey of the workspace".to_owned(),
            SettingTakes::Word(words) => one_of(words),
            SettingTakes::WordAndText(words) => format!("{}, and then a text if wanted", one_of(words)),
            SettingTakes::Trigger => "`on_exit`, `after 8s` or `scrolled 50%`".to_owned(),
        };
        let found =
            Diagnostic::new(Code::BadSetting, span, format!("`{}` cannot have this value", spec.word))
                .here("does not fit")
                .help(format!("`{}` takes {takes}.", spec.word));
        self.found.push(found);
    }
}

fn one_of(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" or ")
}
