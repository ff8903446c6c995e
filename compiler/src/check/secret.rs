//! Headers of messages, and the secrets that stand in them.

use chatflow_runtime::action::ObjectKind;

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::file::View;
use crate::hir::{GivenPart, GivenValue};
use crate::source::Span;
use crate::tree::{Expr, ExprKind};
use crate::workspace::{Thing, single_word};

/// The headers that the host writes by itself, in lower case: they are about the connection, or follow from the rest.
const OF_THE_HOST: [&str; 11] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// The headers whose value lets somebody in, in lower case.
const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

impl Checker<'_> {
    /// `secret NAME`: the name and its place.
    pub(super) fn secret_of<'v>(&self, view: View<'v>, values: &[Expr]) -> Option<(&'v str, Span)> {
        let [word, name] = values else { return None };
        let (word, _) = single_word(view, word)?;
        (word == ObjectKind::Secret.word()).then(|| single_word(view, name)).flatten()
    }

    pub(super) fn header_value(
        &mut self,
        view: View<'_>,
        name: &str,
        at: Span,
        values: &[Expr],
    ) -> Option<GivenValue> {
        self.header_name(name, at)?;
        if let Some((secret, span)) = self.secret_of(view, values) {
            let object = self.object(ObjectKind::Secret, secret, span)?;
            return Some(GivenValue::Secret(self.tables.object(object)));
        }
        if CREDENTIALS.contains(&name.to_ascii_lowercase().as_str()) {
            self.literal_credential(name, at, values.first().map(|value| view.span(value.range)));
            return None;
        }
        let value = self.one_value(name, at, values)?;
        if !matches!(value.kind, ExprKind::Text(_)) {
            let (value, ty) = self.value(view, value, None)?;
            let value = GivenPart::Value(value, self.tables.ty(&ty));
            return Some(GivenValue::Pieces(vec![value]));
        }
        let parts = self.given_parts(view, value)?;
        let strings = &self.tables.image.strings;
        let broken = parts.iter().any(|part| match part {
            GivenPart::Words(words) => strings.get(*words).chars().any(char::is_control),
            GivenPart::Value(..) => false,
        });
        if broken {
            let span = view.span(value.range);
            let found = Diagnostic::new(Code::BadHeader, span, "a header stands on one line")
                .here("has a line break or a control character")
                .help("Write its value on one line.");
            self.found.push(found);
            return None;
        }
        Some(GivenValue::Pieces(parts))
    }

    /// Whether a header may be called so, and is the flow's to write.
    fn header_name(&mut self, name: &str, at: Span) -> Option<()> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(is_token) {
            let found = Diagnostic::new(Code::BadHeader, at, format!("no header is called `{name}`"))
                .here("not a header's name")
                .help("A name has letters, digits and `-`: `\"X-Request-Id\"`.");
            self.found.push(found);
            return None;
        }
        if OF_THE_HOST.contains(&name.to_ascii_lowercase().as_str()) {
            let found = Diagnostic::new(Code::BadHeader, at, format!("the host writes `{name}` itself"))
                .here("not for a flow to say")
                .help("Delete the line; it follows from the address, the body and the connection.");
            self.found.push(found);
            return None;
        }
        Some(())
    }

    fn literal_credential(&mut self, name: &str, at: Span, value: Option<Span>) {
        let secrets = self.names.workspace.into_iter().flat_map(|workspace| workspace.names(Thing::Secret));
        let known = secrets.take(1).next().map(str::to_owned);
        let message = format!("`{name}` is not written in a flow");
        let mut found =
            Diagnostic::new(Code::LiteralCredential, at, message).here("lets whoever reads it in");
        let secret = known.as_deref().unwrap_or("NAME");
        found = found.help(match known {
            Some(_) => format!("Write `\"{name}\" secret {secret}`: the host has the value, and no program or log does."),
            None => format!("Declare `secret NAME` in the workspace file, and write `\"{name}\" secret NAME`: the host has the value."),
        });
        if let (Some(_), Some(value)) = (&known, value) {
            found = found.suggest(format!("write `secret {secret}`"), value, format!("secret {secret}"));
        }
        self.found.push(found);
    }

    /// Reports a secret that stands where its value would be seen.
    pub(super) fn secret_value(&mut self, span: Span, message: &str) {
        let found = Diagnostic::new(Code::SecretValue, span, message)
            .here("a secret")
            .help("The host puts it into a header: `headers { \"Authorization\" secret NAME }`; no flow sees its value.");
        self.found.push(found);
    }
}
