//! Random arithmetic with what is known.

use super::flow::{Author, Here};
use super::names::{Kind, Of};

impl Author {
    /// A calculation whose result is of the type, in parentheses where it stands in another one.
    pub(super) fn calculation(&mut self, here: &Here, kind: Kind, depth: usize) -> Option<String> {
        let (left, sign, right) = match (kind, self.choices.below(6)) {
            (Kind::Number, 0) => (Kind::Length, "/", Kind::Length),
            (Kind::Number, 1) => (Kind::Number, "/", Kind::Number),
            (Kind::Number, 2) => (Kind::Number, "*", Kind::Number),
            (Kind::Number, 3) => (Kind::Number, "-", Kind::Number),
            (Kind::Number, _) => (Kind::Number, "+", Kind::Number),
            (Kind::Length, 0) => (Kind::Date, "-", Kind::Date),
            (Kind::Length, 1) => (Kind::Moment, "-", Kind::Moment),
            (Kind::Length, 2) => (Kind::Length, "*", Kind::Number),
            (Kind::Length, 3) => (Kind::Number, "*", Kind::Length),
            (Kind::Length, 4) => (Kind::Length, "/", Kind::Number),
            (Kind::Length, _) => (Kind::Length, "-", Kind::Length),
            (Kind::Date | Kind::Moment, 0 | 1) => (kind, "-", Kind::Length),
            (Kind::Date | Kind::Moment, 2) => (Kind::Length, "+", kind),
            (Kind::Date | Kind::Moment, _) => (kind, "+", Kind::Length),
            _ => return None,
        };
        let (left, right) = (self.calculated(here, left, depth), self.calculated(here, right, depth));
        Some(format!("{left} {sign} {right}"))
    }

    /// A value to calculate with.
    fn calculated(&mut self, here: &Here, kind: Kind, depth: usize) -> String {
        if depth > 0
            && self.choices.chance(30)
            && let Some(inner) = self.calculation(here, kind, depth - 1)
        {
            return format!("({inner})");
        }
        if matches!(kind, Kind::Number | Kind::Length) && self.choices.chance(10) {
            return format!("-{}", self.calculated(here, kind, 0));
        }
        let known = self.names(|name| name.kind == kind && (here.knows(name.name) || name.of == Of::Page));
        if !known.is_empty() && self.choices.chance(50) {
            return self.use_one(&known).name.to_owned();
        }
        let same = self.names(|name| name.kind == kind);
        if !same.is_empty() && self.choices.chance(30) {
            let name = self.use_one(&same);
            return self.defaulted(name);
        }
        kind.literal(&mut self.choices)
    }
}
