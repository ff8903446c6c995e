//! Applies fixes: a project goes in, a project with fewer findings comes out.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::file::File;
use crate::project::{Project, check};
use crate::source::{FileId, Source};

/// How often a project is checked again to see what is left. A fix may bring to light what stood behind a mistake;
/// so many layers of them no flow has.
const ROUNDS: usize = 100;

/// What came of applying fixes.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The project afterwards.
    pub project: Project,
    /// How many fixes were applied.
    pub fixed: usize,
    /// The files that changed.
    pub files: BTreeSet<FileId>,
}

/// Applies the fixes that `wanted` picks, and those of what comes to light then, until none is left. A finding that
/// offers several of them is left alone: which way is meant is for somebody to say.
pub fn mend(project: &Project, wanted: impl Fn(&Diagnostic, &Fix) -> bool) -> Mended {
    let mut mended = Mended { project: project.clone(), fixed: 0, files: BTreeSet::new() };
    for _ in 0..ROUNDS {
        let found = check(&mended.project).diagnostics;
        let fixes: Vec<&Fix> = found.iter().filter_map(|found| only(found, &wanted)).collect();
        let (edits, applied) = compatible(&fixes);
        if applied == 0 {
            break;
        }
        mended.fixed += applied;
        for (id, edits) in edits {
            rewrite(&mut mended.project, id, &edits);
            mended.files.insert(id);
        }
    }
    mended
}

/// The project after one fix.
pub fn apply(project: &Project, fix: &Fix) -> Project {
    let mut project = project.clone();
    let (edits, _) = compatible(&[fix]);
    for (id, edits) in edits {
        rewrite(&mut project, id, &edits);
    }
    project
}

/// Reads a file anew, with edits that ascend and do not overlap.
fn rewrite(project: &mut Project, id: FileId, edits: &[Edit]) {
    if let Some(file) = project.files.get_mut(id.0 as usize) {
        let text = edited(&file.source.text, edits);
        *file = File::read(id, Source { text: text.into(), ..file.source.clone() });
    }
}

/// The one wanted fix of a finding.
fn only(found: &Diagnostic, wanted: impl Fn(&Diagnostic, &Fix) -> bool) -> Option<&Fix> {
    let mut fixes = found.fixes.iter().filter(|fix| wanted(found, fix));
    fixes.next().filter(|_| fixes.next().is_none())
}

/// The edits of as many of these fixes as can be applied at once, by file, and how many fixes that are. One that
/// touches what another changes waits for the next round, when what is left of it is found again.
fn compatible(fixes: &[&Fix]) -> (BTreeMap<FileId, Vec<Edit>>, usize) {
    let mut taken: BTreeMap<FileId, BTreeMap<u32, Edit>> = BTreeMap::new();
    let mut applied = 0;
    for fix in fixes {
        let free = |edit: &Edit| taken.get(&edit.span.file).is_none_or(|taken| is_free(taken, edit));
        // The same edit of two findings mends both.
        let is_done = |edit: &Edit| {
            taken.get(&edit.span.file).and_then(|taken| taken.get(&edit.span.start)) == Some(edit)
        };
        if fix.edits.iter().all(is_done) {
            applied += 1;
        } else if fix.edits.iter().all(free) {
            applied += 1;
            for edit in &fix.edits {
                taken.entry(edit.span.file).or_default().insert(edit.span.start, edit.clone());
            }
        }
    }
    (taken.into_iter().map(|(file, edits)| (file, edits.into_values().collect())).collect(), applied)
}

/// Whether an edit neither overlaps nor touches one that is taken: where two meet, their order would matter.
fn is_free(taken: &BTreeMap<u32, Edit>, edit: &Edit) -> bool {
    let before = taken.range(..=edit.span.end).next_back();
    before.is_none_or(|(_, other)| other.span.end < edit.span.start)
}

/// The text with these edits, which ascend and do not overlap. New lines end as those of the text do.
fn edited(text: &str, edits: &[Edit]) -> String {
    let windows = text.contains("\r\n");
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        mended.push_str(text.get(at..edit.span.start as usize).unwrap_or(""));
        match windows {
            true => mended.push_str(&edit.text.replace('\n', "\r\n")),
            false => mended.push_str(&edit.text),
        }
        at = edit.span.end as usize;
    }
    mended.push_str(text.get(at..).unwrap_or(""));
    mended
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;

    fn mended(text: &str, wanted: Applicability) -> (String, usize) {
        let project = Project::new(vec![Source::new("x.flow", text)]);
        let mended = mend(&project, |_, fix| fix.applicability <= wanted);
        (mended.project.files[0].source.text.to_string(), mended.fixed)
    }

    #[test]
    fn safe_fixes_are_applied_until_none_is_left() {
        let text = "flow x \"X\"\r\nstep a {\r\n  sya “Hi” end\r\n}\r\n";
        let (mended, fixed) = mended(text, Applicability::Safe);
        assert_eq!(mended, "flow x \"X\"\r\nstep a {\r\n  say \"Hi\"\r\n  end\r\n}\r\n");
        // The two quotes are one mistake.
        assert_eq!(fixed, 3);
    }

    #[test]
    fn names_need_a_look() {
        let text = "flow x \"X\"\nstep a {\n  -> thakns\n}\nstep thanks {\n  end\n}\n";
        assert_eq!(mended(text, Applicability::Safe), (text.to_owned(), 0));
        assert_eq!(mended(text, Applicability::Unsafe), (text.replace("thakns", "thanks"), 1));
    }

    #[test]
    fn edits_that_meet_wait_for_the_next_round() {
        let edit = |start, end| {
            let span = crate::source::Span { file: FileId(0), start, end };
            Fix {
                title: String::new(),
                applicability: Applicability::Safe,
                edits: vec![Edit { span, text: "x".into() }],
            }
        };
        let fixes = [edit(4, 8), edit(0, 2), edit(8, 9), edit(2, 3), edit(4, 8), edit(5, 6), edit(10, 10)];
        let (edits, applied) = compatible(&fixes.iter().collect::<Vec<_>>());
        let starts: Vec<u32> = edits[&FileId(0)].iter().map(|edit| edit.span.start).collect();
        assert_eq!((starts, applied), (vec![0, 4, 10], 4));
    }
}
