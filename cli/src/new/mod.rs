//! `chatflow new`: a project from a template.
//!
//! `arguments -> details -> (questions) -> filling -> files`, and the files are checked before they are written.

mod details;
mod fill;
mod place;
mod prompt;
mod template;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use chatflow_compiler::format::format_text;
use chatflow_compiler::source::Source;
use chatflow_compiler::{Checked, Project, Severity, check};

use crate::arguments::NewArguments;
use crate::load::{FLOW, MARKER};
use crate::render::counted;
use crate::streams::Streams;
use crate::style::{BOLD, DIM};
use crate::trouble::{Ending, Trouble};

pub use details::{Details, Meeting};
pub use place::Made;
pub use template::{Language, TEMPLATES, Template};

use template::{COMMON, WORKSPACE};

/// Makes a project, or lists the templates.
///
/// # Errors
/// If there is no such template or language, something is where the project should go, or it cannot be written.
pub fn run(arguments: &NewArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    if arguments.list {
        list(&mut streams.out)?;
        return Ok(Ending::Fine);
    }
    let mut details = Details::of(arguments)?;
    let asks = !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    let dir = match &arguments.dir {
        Some(dir) => dir.clone(),
        None if asks => prompt::folder(streams.err_colour)?,
        None => return Err(Trouble::new("which folder?").help("Say where it should go: chatflow new shop")),
    };
    let dir = dir.as_path();
    place::refuse_what_is_there(dir)?;
    let folder = details::folder_name(dir);
    if asks {
        prompt::complete(&mut details, &folder, streams.err_colour)?;
        writeln!(streams.err)?;
    }
    let made = project(&folder, &details)?;
    place::write(dir, &made.files)?;
    say(&mut streams.out, dir, &made)?;
    Ok(Ending::Fine)
}

/// A project that is not written yet.
#[derive(Debug)]
pub struct NewProject {
    /// What it was made from.
    pub template: &'static Template,
    /// What it speaks.
    pub language: Language,
    /// The name of its flow.
    pub flow: String,
    /// Its files.
    pub files: Vec<Made>,
    /// What the checker says of it, which is nothing.
    pub checked: Checked,
}

/// The project for a folder of this name, checked. What the details do not say is as the template has it.
///
/// # Errors
/// If the details do not fit the template.
pub fn project(folder: &str, details: &Details) -> Result<NewProject, Trouble> {
    let template = match details.template {
        Some(template) => template,
        None => TEMPLATES.first().ok_or_else(|| Trouble::new("there are no templates"))?,
    };
    let language = details.language.unwrap_or(Language::English);
    let edition = template.edition(language);
    let slots = fill::Slots::of(edition.workspace);
    details.fit(template, &slots)?;
    let filling = details.filling(folder, &slots);
    let flow = filling.flow.name.clone();
    let file = |path: String, text: String| Made { path, text };
    let mut files = vec![
        file(format!("{flow}.{FLOW}"), format_text(&fill::flow(edition.flow, &slots, &filling))),
        file(format!("{WORKSPACE}.{FLOW}"), format_text(&fill::flow(edition.workspace, &slots, &filling))),
        file(MARKER.to_owned(), fill::config(edition.config, &filling.flow.title)?),
        file("README.md".to_owned(), fill::readme(edition.readme, template.flow, &filling.flow)),
    ];
    files.extend(COMMON.iter().map(|(path, text)| file((*path).to_owned(), (*text).to_owned())));
    let checked = checked(&files, &filling)?;
    Ok(NewProject { template, language, flow, files, checked })
}

/// What the checker says of the flows among the files. What a template is filled with can be wrong in one way: its link.
fn checked(files: &[Made], filling: &fill::Filling) -> Result<Checked, Trouble> {
    let flows = files.iter().filter(|file| file.path.ends_with(&format!(".{FLOW}")));
    let sources = flows.map(|file| Source::new(file.path.as_str(), file.text.as_str())).collect();
    let checked = check(&Project::new(sources));
    let error = checked.diagnostics.iter().find(|found| found.severity() == Severity::Error);
    match (error, &filling.link) {
        (None, _) => Ok(checked),
        (Some(_), Some(link)) => Err(Trouble::new(format!("`{link}` is no address of a meeting"))
            .help("Write it like https://meet.example/intro")),
        (Some(found), None) => Err(Trouble::new(format!("the template does not fit: {}", found.message))
            .help("This is a bug in chatflow; please report it with the command that you typed.")),
    }
}

/// The templates, for people who choose.
fn list(to: &mut dyn Write) -> io::Result<()> {
    let width = TEMPLATES.iter().map(|template| template.name.len()).max().unwrap_or(0);
    for template in TEMPLATES {
        writeln!(to, "{BOLD}{:<width$}{BOLD:#}  {}", template.name, template.about)?;
    }
    let languages: Vec<String> =
        Language::ALL.iter().map(|language| format!("{} ({})", language.name(), language.tag())).collect();
    writeln!(to, "\n{DIM}Each comes in {}, with tests.{DIM:#}", languages.join(" and "))
}

/// What was made, and what to do next.
fn say(to: &mut dyn Write, dir: &Path, made: &NewProject) -> io::Result<()> {
    let here = dir == Path::new(".");
    let shown = crate::render::mask_line(&dir.display().to_string()).into_owned();
    let place = if here { "this folder".to_owned() } else { format!("`{shown}`") };
    let suites = made.checked.flows.iter().filter_map(|flow| flow.suite.as_ref());
    let tests = counted(suites.map(|suite| suite.tests.len()).sum(), "test");
    writeln!(to, "Made a bot in {place}: {}, in {}.\n", made.template.name, made.language.name())?;
    let flow = format!("{}.{FLOW}", made.flow);
    let workspace = format!("{WORKSPACE}.{FLOW}");
    let rows = [
        (flow.as_str(), format!("the conversation, with {tests}")),
        (workspace.as_str(), "what the conversation may name".to_owned()),
        (MARKER, "the project's settings".to_owned()),
        ("README.md", "how to go on; and files for editors and for GitHub".to_owned()),
    ];
    let width = rows.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
    for (path, about) in &rows {
        writeln!(to, "  {path:<width$}  {DIM}{about}{DIM:#}")?;
    }
    writeln!(to, "\nNext:\n")?;
    if !here {
        writeln!(to, "  {BOLD}cd {}{BOLD:#}", place::shell_word(&shown))?;
    }
    writeln!(to, "  {BOLD}chatflow run{BOLD:#}    {DIM}chat with it{DIM:#}")?;
    writeln!(to, "  {BOLD}chatflow test{BOLD:#}   {DIM}play its tests{DIM:#}")?;
    if here {
        writeln!(to, "  {BOLD}chatflow check{BOLD:#}  {DIM}find mistakes once you have changed it{DIM:#}")?;
    }
    Ok(())
}
