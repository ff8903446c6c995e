//! The instructions of a program, beside the source they come from.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chatflow_compiler::{CheckedFlow, File};
use chatflow_runtime::Program;
use chatflow_runtime::id::{Addr, Fragment};
use chatflow_runtime::image::Image;
use chatflow_runtime::op::{Ahead, Op};
use chatflow_runtime::wire::Reader;

use crate::inspect::names;
use crate::load::Loaded;
use crate::render::mask_line;
use crate::style::{BOLD, DIM};
use crate::test::line_text;

/// Writes every instruction, under the headings of what it belongs to and the lines it comes from.
///
/// # Errors
/// If it cannot be written.
pub fn write(to: &mut dyn Write, program: &Program, source: Option<Source<'_>>) -> io::Result<()> {
    let image = program.image();
    let headings = headings(image);
    let lines: BTreeMap<Addr, u32> =
        image.debug.iter().flat_map(|debug| debug.lines.iter().copied()).collect();
    let mut reader = Reader::new(&image.code);
    loop {
        let at = Addr(reader.position() as u32);
        let Ok(op) = Op::read(&mut reader) else { return Ok(()) };
        if let Some(heading) = headings.get(&at) {
            writeln!(to, "\n{BOLD}{heading}{BOLD:#}")?;
        }
        if let Some(debug) =
            image.debug.as_ref().filter(|debug| debug.files.iter().any(|(begins, _)| *begins == at))
        {
            writeln!(to, "  {DIM}// {}{DIM:#}", mask_line(image.strings.get(debug.file_at(at))))?;
        }
        if let Some(line) = lines.get(&at) {
            let file = source.and_then(|source| source.file(image, at));
            let text = file.and_then(|file| line_text(file, *line)).map(mask_line).unwrap_or_default();
            writeln!(to, "  {DIM}// {line:>4}  {text}{DIM:#}")?;
        }
        let after = reader.position() as u32;
        let operand = operand(image, op, after);
        writeln!(to, "{}", format!("  {:04}  {:<12} {operand}", at.0, op.name()).trim_end())?;
    }
}

/// The files that a program was made of.
#[derive(Clone, Copy)]
pub struct Source<'s> {
    /// The project they stand in.
    pub loaded: &'s Loaded,
    /// The flow.
    pub flow: &'s CheckedFlow,
}

impl<'s> Source<'s> {
    /// The file that the instruction at an address comes from.
    fn file(self, image: &Image, at: Addr) -> Option<&'s File> {
        let path = image.strings.get(image.debug.as_ref()?.file_at(at));
        self.loaded.project.file(self.flow.modules.get(path).copied().unwrap_or(self.flow.file))
    }
}

/// What begins at an address: steps, conditions, texts.
fn headings(image: &Image) -> BTreeMap<Addr, String> {
    let mut headings = BTreeMap::new();
    let mut fragment = |at: Fragment, what: String| {
        if let Some(range) = image.fragments.get(at.index()) {
            headings.insert(range.start, what);
        }
    };
    for (at, what) in (0..image.fragments.len()).map(|at| (Fragment(at as u32), "fragment".to_owned())) {
        fragment(at, what);
    }
    for at in &image.show {
        fragment(*at, "show when".to_owned());
    }
    for at in &image.hide {
        fragment(*at, "hide when".to_owned());
    }
    for line in &image.anytime {
        fragment(line.when, format!("anytime {}", names::arm(image, line.arm)));
    }
    for site in &image.sites {
        if let chatflow_runtime::image::Wait::Ask(ask) = &site.wait
            && let Some(invalid) = ask.invalid
        {
            fragment(invalid, format!("invalid of {}", names::place(image, site)));
        }
    }
    if let Some(welcome) = image.flow.welcome {
        fragment(welcome, "welcome".to_owned());
    }
    for step in &image.steps {
        let was: Vec<_> = step.was.iter().map(|name| mask_line(image.strings.get(*name))).collect();
        let was = if was.is_empty() { String::new() } else { format!(" was {}", was.join(", ")) };
        headings.insert(step.code.start, format!("step {}{was}", mask_line(image.strings.get(step.name))));
    }
    headings
}

/// What an instruction works on, by name; a jump's target as an address.
fn operand(image: &Image, op: Op, after: u32) -> String {
    let target = |Ahead(distance): Ahead| format!("-> {:04}", after.saturating_add(u32::from(distance)));
    match op {
        Op::Const(at) => names::constant(image, at),
        Op::Slot(at) | Op::Set(at) | Op::Clear(at) => names::slot(image, at),
        Op::Fact(at) => names::fact(image, at),
        Op::Label(at) => format!("[{}]", names::options(image, at)),
        Op::Text(at) => names::template(image, at),
        Op::Matches(at) => names::pattern(image, at),
        Op::Jump(ahead) | Op::JumpUnless(ahead) | Op::UnlessKnown(ahead) => target(ahead),
        Op::Go(at) => names::step(image, at),
        Op::Ask(site) | Op::Act(site) | Op::Wait(site) | Op::Do(site) => {
            match image.sites.get(site.index()) {
                Some(def) => format!("{}  {:016x}", names::place(image, def), def.id.0),
                None => String::new(),
            }
        }
        Op::Reply
        | Op::OrElse
        | Op::Add
        | Op::Subtract
        | Op::Multiply
        | Op::Divide
        | Op::Negate
        | Op::Is
        | Op::IsExactly
        | Op::Less
        | Op::LessOrEqual
        | Op::Contains
        | Op::StartsWith
        | Op::EndsWith
        | Op::Includes
        | Op::Known
        | Op::IsTrue
        | Op::And
        | Op::Or
        | Op::Not
        | Op::Finish
        | Op::End
        | Op::Return
        | Op::Say => String::new(),
        Op::Show(media) => media.spec().word.to_owned(),
    }
}
