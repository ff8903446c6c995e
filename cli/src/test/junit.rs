//! The report of tests as JUnit's XML, which every build server reads. A flow is a suite; errors that keep tests from
//! running are a suite of their own. No times are written: the same tests give the same bytes.

use std::io::{self, Write};

use chatflow_compiler::Checked;
use chatflow_compiler::diagnostic::{Diagnostic, Severity};

use super::{flows, line, path, source_line};
use crate::load::Loaded;
use crate::render::Shown;
use crate::testing::{Report, Tested, write_transcript};

pub(super) fn write(
    to: &mut dyn Write,
    loaded: &Loaded,
    checked: &Checked,
    report: &Report,
) -> io::Result<()> {
    let errors = checked.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
    let errors: Vec<&Diagnostic> = errors.collect();
    let (tests, failures) = (report.tests.len(), report.failed());
    writeln!(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        to,
        "<testsuites name=\"chatflow\" tests=\"{}\" failures=\"{failures}\" errors=\"{}\">",
        tests + errors.len(),
        errors.len()
    )?;
    if !errors.is_empty() {
        broken(to, loaded, &errors)?;
    }
    for flow in flows(report) {
        let tests: Vec<&Tested> = report.tests.iter().filter(|test| test.flow == flow).collect();
        let failures = tests.iter().filter(|test| test.failure.is_some()).count();
        let (name, count) = (escaped(flow), tests.len());
        writeln!(to, "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failures}\" errors=\"0\">")?;
        tests.iter().try_for_each(|test| case(to, loaded, test))?;
        writeln!(to, "  </testsuite>")?;
    }
    writeln!(to, "</testsuites>")
}

fn broken(to: &mut dyn Write, loaded: &Loaded, errors: &[&Diagnostic]) -> io::Result<()> {
    let count = errors.len();
    writeln!(to, "  <testsuite name=\"check\" tests=\"{count}\" failures=\"0\" errors=\"{count}\">")?;
    let shown = Shown::new(&loaded.project);
    for error in errors {
        let span = error.primary.span;
        let name = escaped(&format!("{}:{}", path(loaded, span.file), line(loaded, span)));
        writeln!(to, "    <testcase classname=\"check\" name=\"{name}\">")?;
        let (code, message) = (error.code.as_str(), escaped(&error.message));
        let text = escaped(&shown.plain(error));
        writeln!(to, "      <error type=\"{code}\" message=\"{message}\">{text}</error>")?;
        writeln!(to, "    </testcase>")?;
    }
    writeln!(to, "  </testsuite>")
}

fn case(to: &mut dyn Write, loaded: &Loaded, test: &Tested) -> io::Result<()> {
    let (flow, name) = (escaped(&test.flow), escaped(&test.name));
    let (file, at) = (escaped(&path(loaded, test.span.file)), line(loaded, test.span));
    let head = format!("<testcase classname=\"{flow}\" name=\"{name}\" file=\"{file}\" line=\"{at}\"");
    let Some(failure) = &test.failure else { return writeln!(to, "    {head}/>") };
    let mut said = anstream::StripStream::new(Vec::new());
    write_transcript(&mut said, &failure.transcript, &failure.changes)?;
    let said = String::from_utf8_lossy(&said.into_inner()).into_owned();
    let known: String = failure.known.iter().map(|known| format!("\n    {known}")).collect();
    let place = format!("{}:{}", path(loaded, failure.line.file), line(loaded, failure.line));
    let text = format!("\n{said}  {place}: {}{known}\n", source_line(loaded, failure.line));
    writeln!(to, "    {head}>")?;
    writeln!(to, "      <failure message=\"{}\">{}</failure>", escaped(&failure.what), escaped(&text))?;
    writeln!(to, "    </testcase>")
}

/// A text as it can stand in XML; what XML cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(char),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ if char.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(char),
        }
    }
    escaped
}
