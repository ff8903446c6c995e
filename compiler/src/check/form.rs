//! Texts that choose a form: by a number, or by a name.

use chatflow_runtime::image::DEEPEST_FORM;
use chatflow_runtime::language::Language;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::forms::{Case, Names, plural_cases, select_cases};
use crate::hir::TextPart;
use crate::tree::{Expr, Forms};
use crate::types::Ty;

impl Checker<'_> {
    /// `{plural seats: one "…", other "…"}`, `{select contact.stage: lead "…", other "…"}`.
    pub(super) fn forms(&mut self, view: View<'_>, whole: &Expr, forms: &Forms) -> Option<TextPart> {
        let span = view.span(whole.range);
        if self.forms_deep == DEEPEST_FORM {
            let found = Diagnostic::new(Code::TooDeep, span, "forms stand too deep in forms")
                .here(format!("more than {DEEPEST_FORM}"))
                .help("Say it in several texts.");
            self.found.push(found);
            return None;
        }
        let of = self.value(view, &forms.of, None);
        self.forms_deep += 1;
        let texts: Vec<_> = forms.forms.iter().map(|form| self.text(view, &form.text)).collect();
        self.forms_deep -= 1;
        let (of, ty) = of?;
        let written: Vec<Case<'_>> =
            forms.forms.iter().map(|form| (view.source(form.case), view.span(form.case))).collect();
        let head = view.at(whole.range.start);
        let part = if forms.select {
            let names: Vec<&str> = match &ty {
                Ty::OneOf(list) => list.names().collect(),
                Ty::Bool => vec!["true", "false"],
                Ty::Text | Ty::Email | Ty::Phone | Ty::Url => Vec::new(),
                Ty::Error => return None,
                Ty::Number | Ty::Date | Ty::DateTime | Ty::Duration | Ty::ManyOf(_) => {
                    self.forms_misfit(view, forms, &ty);
                    return None;
                }
            };
            let closed = !ty.is_text();
            let names = Names { all: &names, only: closed, closed };
            let cases = select_cases(&written, names, head, &mut self.found)?;
            let texts = texts.into_iter().collect::<Option<Vec<_>>>()?;
            TextPart::Select {
                of,
                forms: cases.into_iter().zip(texts.into_iter().map(|text| text.pieces)).collect(),
            }
        } else {
            match ty {
                Ty::Number => {
                    self.numbers.insert(view.span(forms.of.range));
                }
                Ty::Error => return None,
                _ => {
                    self.forms_misfit(view, forms, &ty);
                    return None;
                }
            }
            let image = &self.tables.image;
            let tag = image.flow.languages.first().map_or("en", |tag| image.strings.get(*tag));
            // What language a module is written in, the flows say that use it.
            let language = if self.is_library() { Language::Other } else { Language::of(tag) };
            let cases = plural_cases(&written, language, head, &mut self.found)?;
            let texts = texts.into_iter().collect::<Option<Vec<_>>>()?;
            TextPart::Plural {
                of,
                forms: cases.into_iter().zip(texts.into_iter().map(|text| text.pieces)).collect(),
            }
        };
        Some(part)
    }

    fn forms_misfit(&mut self, view: View<'_>, forms: &Forms, ty: &Ty) {
        let (word, help) = match forms.select {
            true => {
                ("select", "It chooses by an option, a text, or yes and no; `plural` chooses by a number.")
            }
            false => {
                ("plural", "It chooses by a number; `select` chooses by an option, a text, or yes and no.")
            }
        };
        let span = view.span(forms.of.range);
        let found =
            Diagnostic::new(Code::OperatorMisfit, span, format!("`{word}` does not fit {}", ty.describe()))
                .here(format!("this is {}", ty.describe()))
                .help(help);
        self.found.push(found);
    }
}
