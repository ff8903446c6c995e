//! `chatflow check --fix` writes what fixes make of the files, `--diff` shows it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use chatflow_compiler::diagnostic::{Applicability, Diagnostic, Fix};
use chatflow_compiler::fix::{Mended, mend};
use chatflow_compiler::source::FileId;
use chatflow_compiler::{Project, check};

use crate::arguments::FixArguments;
use crate::load::{Loaded, shown, slashes};
use crate::patch;
use crate::render::{counted, mask_line};
use crate::streams::Streams;
use crate::trouble::{Ending, Trouble, reason};

/// What `--fix` did.
pub struct Fixed {
    /// How many findings are gone.
    findings: usize,
    /// How many files were written.
    files: usize,
}

/// Writes what the fixes make of a project's files; the project is, from then on, what is on disk.
///
/// # Errors
/// If a file that could be opened for writing cannot be written after all.
pub fn write(loaded: &mut Loaded, arguments: &FixArguments, streams: &mut Streams) -> Result<Fixed, Trouble> {
    let left_out: RefCell<BTreeMap<FileId, String>> = RefCell::default();
    let mended = mend(&loaded.project, |found, fix| {
        is_wanted(loaded, arguments, found, fix)
            && fix.edits.iter().all(|edit| {
                let reason = in_the_way(loaded, edit.span.file);
                let fits = reason.is_none();
                left_out.borrow_mut().extend(reason.map(|reason| (edit.span.file, reason)));
                fits
            })
    });
    for id in &mended.files {
        let (Some(file), Some(path)) = (mended.project.file(*id), on_disk(loaded, *id)) else { continue };
        let text = file.source.text.as_bytes();
        fs::write(&path, text).map_err(|error| Trouble::at(&shown(&path), "write", &error))?;
    }
    for (id, reason) in left_out.into_inner() {
        let path = on_disk(loaded, id).map(|path| shown(&path).display().to_string()).unwrap_or_default();
        writeln!(streams.err, "`{}` is left as it is: {reason}", mask_line(&path))?;
    }
    let fixed = Fixed { findings: mended.fixed, files: mended.files.len() };
    loaded.project = mended.project;
    Ok(fixed)
}

impl Fixed {
    /// `fixed 3 of 5 findings in 2 files`, where so many are left.
    pub fn summary(&self, left: usize) -> String {
        said("fixed", self.findings, left, self.files)
    }
}

/// Shows, as a unified diff, what `--fix` would change; found is then whatever would change.
///
/// # Errors
/// If it cannot be written.
pub fn diff(loaded: &Loaded, arguments: &FixArguments, streams: &mut Streams) -> Result<Ending, Trouble> {
    let mended = mend(&loaded.project, |found, fix| {
        is_wanted(loaded, arguments, found, fix)
            && fix.edits.iter().all(|edit| is_text(&loaded.project, edit.span.file))
    });
    for id in &mended.files {
        let (Some(old), Some(new)) = (loaded.project.file(*id), mended.project.file(*id)) else { continue };
        let path = slashes(&shown(&loaded.root).join(&old.source.path));
        patch::write(&path, &old.source.text, &new.source.text, streams)?;
    }
    streams.out.flush()?;
    let Mended { project, fixed, files } = mended;
    let left = check(&project).diagnostics.iter().filter(|found| loaded.config.levels.shows(found)).count();
    writeln!(streams.err, "{}", said("would fix", fixed, left, files.len()))?;
    Ok(Ending::of(!files.is_empty()))
}

fn said(done: &str, fixed: usize, left: usize, files: usize) -> String {
    match (fixed, left) {
        (0, 0) => "nothing to fix".to_owned(),
        (0, left) => format!("{done} none of {}", counted(left, "finding")),
        _ => format!("{done} {fixed} of {} in {}", counted(fixed + left, "finding"), counted(files, "file")),
    }
}

/// How many findings the fixes of an applicability would mend.
pub fn count(diagnostics: &[Diagnostic], applicability: Applicability) -> usize {
    let fits = |found: &&Diagnostic| {
        found.fixes.len() == 1 && found.fixes.iter().all(|fix| fix.applicability == applicability)
    };
    diagnostics.iter().filter(fits).count()
}

/// Whether somebody asked for this fix.
fn is_wanted(loaded: &Loaded, arguments: &FixArguments, found: &Diagnostic, fix: &Fix) -> bool {
    let wanted = if arguments.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
    fix.applicability <= wanted && loaded.config.levels.shows(found)
}

/// Why a file is left as it is, if it is.
fn in_the_way(loaded: &Loaded, file: FileId) -> Option<String> {
    let path = on_disk(loaded, file)?;
    if !is_text(&loaded.project, file) {
        // Its bytes would be lost.
        return Some("it is not UTF-8".to_owned());
    }
    let opened = OpenOptions::new().write(true).open(&path);
    opened.err().map(|error| reason(&error))
}

fn is_text(project: &Project, file: FileId) -> bool {
    project.file(file).is_some_and(|file| file.source.invalid_utf8.is_none())
}

/// Where a file of a project that was not checked yet stands.
fn on_disk(loaded: &Loaded, file: FileId) -> Option<PathBuf> {
    Some(loaded.root.join(&loaded.project.file(file)?.source.path))
}
