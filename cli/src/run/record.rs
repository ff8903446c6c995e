//! A chat in the terminal as a test.
//!
//! What was said becomes the test's lines, what was done its expectations. Before it is handed over the test is run, and an
//! expectation that does not hold there is taken out: a recorded test passes.

use std::fs;
use std::path::{Path, PathBuf};

use chatflow_compiler::source::{FileId, Source};
use chatflow_compiler::{Project, check};
use chatflow_runtime::action::{Action, Waits};
use chatflow_runtime::image::{Image, OptionDef};
use chatflow_runtime::{Effect, FactValue, Facts, Program, Type, Value, facts_read};

use crate::chat::{Pending, as_fact};
use crate::load::Loaded;
use crate::quote::{newline, quoted};
use crate::run::scene::SOME_PAGE;
use crate::testing::run_tests;
use crate::trouble::Trouble;
use crate::written;

/// Where a server keeps what only it reads: a test need not say it.
const SERVER_STATE: &str = "customState";

/// The lines of a test, as they come about.
#[derive(Debug, Default)]
pub struct Recording {
    lines: Vec<String>,
    /// What the flow has set since the visitor's last line, and to what; nothing where it was cleared.
    set: Vec<(String, Option<Value>)>,
    /// The lines for what the flow has asked of the host since then without waiting for it.
    asked: Vec<String>,
    /// Nothing more can be said in a test.
    over: bool,
}

impl Recording {
    /// A recording of a chat in this scene: what the test says is given.
    pub fn of(program: &Program, given: &Facts) -> Recording {
        let mut recording = Recording::default();
        for (name, value) in given.iter() {
            if name == "page.url" {
                if *value != FactValue::from(SOME_PAGE) {
                    recording.lines.push(format!("visit {}", quoted(&text_of(value))));
                }
            } else {
                let given = given_lines(program, name, value);
                recording.lines.extend(given.into_iter().map(|line| format!("given {line}")));
            }
        }
        recording
    }

    fn line(&mut self, line: String) {
        if !self.over {
            self.lines.push(line);
        }
    }

    /// The visitor says something.
    pub fn visitor(&mut self, image: &Image, text: &str) {
        self.settle(image);
        self.line(format!("visitor {}", quoted(text)));
    }

    /// Something happens that a test has a line for.
    pub fn event(&mut self, image: &Image, line: String) {
        self.settle(image);
        self.line(line);
    }

    /// Something happens that a test has no line for; what follows is left out.
    pub fn ends_here(&mut self, image: &Image, why: &str) {
        self.settle(image);
        self.line(format!("// {why}"));
        self.over = true;
    }

    /// The next such action fails. What the flow has no name for cannot fail, and no test could say it.
    pub fn fails(&mut self, image: &Image, action: Action, name: Option<&str>) {
        let head = action.spec().head;
        let Some(name) = name else { return self.event(image, format!("fail {head}")) };
        let called = image.objects.iter().filter(|object| image.strings.get(object.name) == name);
        let words = called.into_iter().find_map(|object| action.spec().object_words(object.kind, name));
        if let Some(words) = words {
            self.event(image, format!("fail {head} {words}"));
        }
    }

    /// A function comes to a value.
    pub fn returns(&mut self, image: &Image, pending: &Pending, said: &FactValue) {
        let call = pending.written(image);
        let slot = image.act_at(pending.place).and_then(|act| act.results.first().map(|result| result.slot));
        let slot = slot.and_then(|slot| image.slots.get(slot.index()));
        let value = slot.and_then(|slot| constant(image, slot.ty, said));
        match value {
            Some(value) => self.event(image, format!("given {call} is {value}")),
            None => self.ends_here(image, "what the function came to cannot be written here"),
        }
    }

    /// A server answers.
    pub fn answers(&mut self, image: &Image, pending: &Pending, data: &Facts) {
        // A list of texts says its members too.
        let in_list = |path: &str| {
            path.strip_suffix(']')
                .and_then(|path| path.rsplit_once('['))
                .is_some_and(|(list, _)| matches!(data.get(list), Some(FactValue::Many(_))))
        };
        let act = image.act_at(pending.place);
        let paths = act.into_iter().flat_map(|act| &act.results);
        let paths: Vec<&str> = paths.map(|result| image.strings.get(result.path)).collect();
        // Of what else a server of one's own says, nobody takes notice.
        let heeded = |path: &str| match pending.talks {
            true => !in_list(path) && path != SERVER_STATE,
            false => paths.contains(&path),
        };
        let said = data.iter().filter(|(path, _)| heeded(path));
        let said = said.map(|(path, value)| format!("    {} {}", quoted(path), written::said(value)));
        let said: String = said.map(|line| format!("{line}\n")).collect();
        let block = if said.is_empty() { "{}".to_owned() } else { format!("{{\n{said}  }}") };
        self.event(image, format!("given call webhook {} answers {block}", pending.written(image)));
    }

    /// The flow does something.
    pub fn effect(&mut self, image: &Image, effect: &Effect, utc_offset: i32) {
        match effect {
            Effect::Say { text } => self.line(format!("bot {}", quoted(text))),
            Effect::Ask { text, replies, .. } => {
                let labels: Vec<String> = replies.iter().map(|reply| quoted(&reply.label)).collect();
                let labels =
                    if labels.is_empty() { String::new() } else { format!(" [{}]", labels.join(", ")) };
                self.line(format!("bot {}{labels}", quoted(text)));
            }
            Effect::Act { place, action, object, parameters, .. } if !action.spec().is_statement() => {
                let parameters = written::local(parameters, utc_offset);
                self.line(format!("expect {}", written::call(image, *place, &object.name, &parameters)));
            }
            Effect::Act { action, request: Some(request), .. } => {
                self.line(format!("expect {} {}", action.spec().head, quoted(&request.url)));
            }
            Effect::Act { action, object, .. } => {
                let object = action.spec().object_words(object.kind, &object.name).unwrap_or_default();
                let line = format!("expect {} {object}", action.spec().head);
                // The flow goes on at once, and a test looks at this when all of it is said.
                match action.spec().waits {
                    Waits::Nobody => self.asked.push(line),
                    Waits::Host(_)
                    | Waits::Visitor(_)
                    | Waits::HostThenVisitor(..)
                    | Waits::HostThenReply(_) => {
                        self.line(line);
                    }
                }
            }
            Effect::Set { property, value } => {
                self.set.retain(|(other, _)| other != property);
                self.set.push((property.clone(), Some(value.clone())));
            }
            Effect::Clear { property } => {
                self.set.retain(|(other, _)| other != property);
                self.set.push((property.clone(), None));
            }
            // No bubble: a test need not look at it.
            Effect::Show { .. }
            | Effect::Consent { .. }
            | Effect::Articles { .. }
            | Effect::Forward { .. }
            | Effect::Moved { .. }
            | Effect::Survey { .. }
            | Effect::Complete { .. } => {}
        }
    }

    /// What was set stands behind what was said in the same turn: a test looks at values where they are in the end.
    fn settle(&mut self, image: &Image) {
        std::mem::take(&mut self.asked).into_iter().for_each(|line| self.line(line));
        for (property, value) in std::mem::take(&mut self.set) {
            let literals = match value {
                Some(value) => literals(image, &property, &as_fact(&value)),
                None => vec!["is unknown".to_owned()],
            };
            for literal in literals {
                self.line(format!("expect {property} {literal}"));
            }
        }
    }

    /// The lines, at the chat's end.
    pub fn finish(mut self, image: &Image, completed: bool) -> Vec<String> {
        self.settle(image);
        if completed {
            self.line("completed".to_owned());
        }
        self.lines
    }
}

/// `given` for something that the host knows, if the flow looks at it.
fn given_lines(program: &Program, name: &str, value: &FactValue) -> Vec<String> {
    let image = program.image();
    if let Some((kind @ ("team" | "user" | "inbox"), thing)) = name.split_once(' ') {
        let wanted = |word: &str, name: &str| word == kind && name == thing;
        let named = image.objects.iter().any(|object| {
            let members = object.members.iter().any(|user| wanted("user", image.strings.get(*user)));
            members || wanted(object.kind.word(), image.strings.get(object.name))
        });
        let inbox = image.flow.inboxes.iter().any(|inbox| wanted("inbox", image.strings.get(inbox.name)));
        if !named && !inbox && !facts_read(program).iter().any(|read| read == name) {
            return Vec::new();
        }
        let state = if kind == "inbox" { "open" } else { "available" };
        let is = if text_of(value) == "true" { "is" } else { "is not" };
        return vec![format!("{kind} {thing} {is} {state}")];
    }
    if name == "contact" {
        return vec!["contact is known".to_owned()];
    }
    if !facts_read(program).iter().any(|read| read == name) {
        return Vec::new();
    }
    literals(image, name, value).into_iter().map(|literal| format!("{name} {literal}")).collect()
}

/// The comparisons that a value makes true: one, or one for each option of a list.
fn literals(image: &Image, property: &str, value: &FactValue) -> Vec<String> {
    match value {
        FactValue::Many(names) => {
            let each = names.iter().map(|name| FactValue::from(name.as_str()));
            each.filter_map(|name| literal(image, property, &name)).collect()
        }
        FactValue::Text(_) | FactValue::Number(_) | FactValue::Bool(_) => {
            literal(image, property, value).into_iter().collect()
        }
    }
}

/// `is lead`: the comparison that a value makes true, as the flow writes it; none where it has no such form.
fn literal(image: &Image, property: &str, value: &FactValue) -> Option<String> {
    let slot = image.slots.iter().find(|slot| image.strings.get(slot.name) == property);
    let text = text_of(value);
    if matches!(property, "channel" | "language" | "visitor.device") {
        return Some(format!("is {text}"));
    }
    Some(match slot.map_or(Type::Text, |slot| slot.ty) {
        Type::Text | Type::Email | Type::Phone | Type::Url => format!("is {}", quoted(&text)),
        Type::Number => {
            let number: f64 = text.trim().parse().ok()?;
            // Only what the language reads as it is written.
            let plain = text.trim().chars().all(|char| char.is_ascii_digit() || char == '.' || char == '-');
            (plain && number.is_finite()).then(|| format!("is {}", text.trim()))?
        }
        Type::Bool => format!("is {}", matches!(text.as_str(), "true" | "yes" | "1")),
        Type::Date => format!("is {}", text.parse::<jiff::civil::Date>().ok()?),
        Type::OneOf(_) => format!("is {}", option(image, slot?.ty, &text)?),
        Type::ManyOf(_) => format!("includes {}", option(image, slot?.ty, &text)?),
        Type::DateTime | Type::Duration => return None,
    })
}

/// What a host says of a value of this type, as the flow writes it; none where it has no such form.
fn constant(image: &Image, ty: Type, said: &FactValue) -> Option<String> {
    let text = text_of(said);
    Some(match ty {
        Type::ManyOf(_) => {
            let names: Vec<String> = match said {
                FactValue::Many(names) => names.clone(),
                FactValue::Text(text) => text.split(';').map(str::to_owned).collect(),
                FactValue::Number(_) | FactValue::Bool(_) => return None,
            };
            let names = names.iter().map(|name| option(image, ty, name.trim()));
            format!("[{}]", names.collect::<Option<Vec<_>>>()?.join(", "))
        }
        Type::OneOf(_) => option(image, ty, text.trim())?.to_owned(),
        Type::Text | Type::Email | Type::Phone | Type::Url => quoted(&text),
        Type::Number | Type::Bool | Type::Date | Type::DateTime | Type::Duration => text.trim().to_owned(),
    })
}

/// The flow's name of an option that the CRM calls so.
fn option<'i>(image: &'i Image, ty: Type, value: &str) -> Option<&'i str> {
    let options = &image.options_of(ty)?.options;
    let by = |part: fn(&OptionDef) -> chatflow_runtime::id::Str| {
        options.iter().find(|option| image.strings.get(part(option)) == value)
    };
    let found = by(|option| option.value).or_else(|| by(|option| option.name))?;
    Some(image.strings.get(found.name))
}

fn text_of(value: &FactValue) -> String {
    crate::show::fact(value)
}

/// Where a recorded test belongs, and what it is held against.
pub struct Home<'l> {
    /// The project the flow was read from.
    pub loaded: &'l Loaded,
    /// The flow's file.
    pub file: FileId,
}

impl Home<'_> {
    /// The file that tests of the flow are added to, if that is what `asked` names.
    ///
    /// # Errors
    /// If it is another file: a flow's tests stand in its own.
    pub fn path(&self, asked: &Path) -> Result<PathBuf, Trouble> {
        let own = self.loaded.path_of(self.file).unwrap_or_default();
        let same = |a: &Path, b: &Path| {
            fs::canonicalize(a).ok().is_some_and(|a| fs::canonicalize(b).ok() == Some(a))
        };
        if same(&own, asked) {
            return Ok(own);
        }
        Err(Trouble::new(format!("a test of this flow cannot stand in `{}`", asked.display()))
            .help(format!("Tests stand in their flow's file: --record {}", own.display())))
    }

    /// The flow's file with the test at its end, and the test; expectations that do not hold when it runs are out.
    ///
    /// # Errors
    /// If the test does not pass all the same.
    pub fn with_test(&self, lines: Vec<String>) -> Result<(String, Block), Trouble> {
        passing_test(&self.loaded.project, self.file, NAME, lines)
    }
}

/// A flow's file with a test of these lines at its end, and the test; expectations that do not hold when it runs are
/// out. It is called `name`, with a number where another is called so.
///
/// # Errors
/// If the test does not pass all the same.
pub fn passing_test(
    project: &Project,
    file: FileId,
    name: &str,
    mut lines: Vec<String>,
) -> Result<(String, Block), Trouble> {
    let text = project.file(file).map(|file| file.source.text.to_string()).unwrap_or_default();
    let name = free_name(&text, name);
    // Each round takes a line out.
    loop {
        let block = Block { name: name.clone(), lines: lines.clone() };
        let newline = newline(&text);
        let last = if text.ends_with('\n') || text.is_empty() { "" } else { newline };
        let head = format!("{text}{last}{newline}");
        let whole = format!("{head}{}", block.text().replace('\n', newline));
        match bad_line(project, file, &whole, &name) {
            None => return Ok((whole, block)),
            Some(at) => {
                let first = head.matches('\n').count() + 2;
                let at = at.checked_sub(first).and_then(|row| line_at(&lines, row)).filter(|at| {
                    lines
                        .get(*at)
                        .is_some_and(|line| line.starts_with("expect ") || line.starts_with("given "))
                });
                let Some(at) = at else {
                    return Err(Trouble::new("the recorded test does not pass when it runs")
                        .help(format!("Here it is, to be mended by hand:\n{}", block.text())));
                };
                lines.remove(at);
            }
        }
    }
}

/// The line, from 1, where the test of this name is wrong or fails in a file with this text.
fn bad_line(project: &Project, file: FileId, text: &str, name: &str) -> Option<usize> {
    let sources = project.files.iter().map(|other| {
        let own = other.id == file;
        Source::new(other.source.path.clone(), if own { text } else { &other.source.text })
    });
    let project = Project::new(sources.collect());
    let checked = check(&project);
    let line = |span: chatflow_compiler::Span| {
        project.file(span.file).map_or(0, |file| file.lines.line(span.start) as usize + 1)
    };
    let broken = checked.diagnostics.iter().find(|found| {
        found.severity() == chatflow_compiler::Severity::Error && found.primary.span.file == file
    });
    if let Some(broken) = broken {
        return Some(line(broken.primary.span));
    }
    let report = run_tests(&checked, |asked| asked == file, Some(name)).ok()?;
    let test = report.tests.iter().find(|test| test.name == name)?;
    test.failure.as_ref().map(|failure| line(failure.line))
}

/// The line of a test that has this row of the text; one with a block has several.
fn line_at(lines: &[String], row: usize) -> Option<usize> {
    let mut ends = lines.iter().scan(0, |end, line| {
        *end += line.lines().count();
        Some(*end)
    });
    ends.position(|end| row < end)
}

/// A test.
pub struct Block {
    /// What it is called.
    pub name: String,
    lines: Vec<String>,
}

impl Block {
    /// A test of these lines, of a flow whose source is not at hand.
    pub fn new(lines: Vec<String>) -> Block {
        Block { name: NAME.to_owned(), lines }
    }

    /// As a flow has it.
    pub fn text(&self) -> String {
        let lines: String = self.lines.iter().map(|line| format!("  {line}\n")).collect();
        format!("test {} {{\n{lines}}}\n", quoted(&self.name))
    }
}

const NAME: &str = "a recorded chat";

/// A name that no test of a text has.
fn free_name(text: &str, name: &str) -> String {
    let names = std::iter::once(name.to_owned()).chain((2_u32..).map(|number| format!("{name} {number}")));
    names.into_iter().find(|name| !text.contains(&quoted(name))).unwrap_or_default()
}
