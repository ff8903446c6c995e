//! Random texts that choose a form.

use super::flow::{Author, Here};
use super::names::{Kind, Of};

impl Author {
    /// `{plural …}` or `{select …}`, by something that is known here or has a default.
    pub(super) fn forms(&mut self, here: &Here, depth: usize) -> String {
        let kind = match self.choices.below(3) {
            0 | 1 => |kind: Kind| kind == Kind::Number,
            _ => |kind: Kind| matches!(kind, Kind::Bool | Kind::Text | Kind::One(_)),
        };
        let known = self.names(|name| kind(name.kind) && (here.knows(name.name) || name.of == Of::Page));
        let all = self.names(|name| kind(name.kind));
        let (name, of) = if !known.is_empty() && self.choices.chance(60) {
            let name = self.use_one(&known);
            (name, name.name.to_owned())
        } else {
            let name = self.use_one(&all);
            (name, self.defaulted(name))
        };
        let mut cases = match name.kind {
            Kind::Number => vec!["=0", "one", "few", "=2.5"],
            Kind::Bool => vec!["true", "false"],
            Kind::One(options) => options.to_vec(),
            Kind::Text
            | Kind::Email
            | Kind::Phone
            | Kind::Url
            | Kind::Date
            | Kind::Moment
            | Kind::Length
            | Kind::Many(_) => vec!["lead", "agent", "en", "hello"],
        };
        cases.retain(|_| self.choices.chance(60));
        cases.push("other");
        let forms: Vec<String> =
            cases.iter().map(|case| format!("{case} {}", self.text(here, depth))).collect();
        let word = if name.kind == Kind::Number { "plural" } else { "select" };
        format!("{{{word} {of}: {}}}", forms.join(", "))
    }
}
