//! Random chats that wait while somebody edits their flow at random.
//!
//! Each case is a random flow, a random talk up to a wait, one to three edits out of [`Edit::ALL`], and the next
//! message. Where a chat goes is not taken from the runtime: the edits know which line of the old text is which of the new one, so
//! the question at which a chat goes on must be the one that stands on that line. Whoever loses that place must go where
//! the new text says, and nothing that was known or said may be lost on the way.
//!
//! `CHATFLOW_CASES` says how many cases there are (by default 300), `CHATFLOW_SEED` where they begin.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is its failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chatflow_compiler::diagnostic::Severity;
use chatflow_compiler::source::Source;
use chatflow_compiler::{Project, check};
use chatflow_runtime::id::{Addr, Site};
use chatflow_runtime::image::Wait;
use chatflow_runtime::op::Op;
use chatflow_runtime::wire::Reader;
use chatflow_runtime::{
    Effect, Input, Migration, Origin, PlaceId, Program, Reason, Session, State, Turn, Waiting, migrate,
    resume, start,
};
use chatflow_tests::random::{Choices, Draft, Edit, Sources, Talk, sources};

/// A flow's file with those that belong to it.
struct Files {
    path: String,
    flow: String,
    others: Vec<(String, String)>,
}

impl Files {
    fn random(sources: &Sources) -> Files {
        let modules = sources.modules.iter().map(|(name, text)| (format!("{name}.flow"), text.clone()));
        let workspace = [("acme.flow".to_owned(), sources.workspace.clone())];
        let others = workspace.into_iter().chain(modules).collect();
        Files { path: "random.flow".to_owned(), flow: sources.flow.clone(), others }
    }

    /// The flow as it reads now.
    fn version(&self, text: &str) -> Option<Version> {
        let others = self.others.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let files = others.chain([(self.path.as_str(), text)]);
        let project = Project::new(files.map(|(path, text)| Source::new(path, text)).collect());
        let checked = check(&project);
        if checked.diagnostics.iter().any(|found| found.severity() == Severity::Error) {
            return None;
        }
        let own = |file| project.file(file).is_some_and(|file| file.source.path == self.path);
        let image = checked.flows.into_iter().find(|flow| own(flow.file))?.image?;
        let program = Program::from_image(image).unwrap();
        let lines = lines(&program);
        Some(Version { program, lines })
    }
}

/// A program and where each of its places stands: the file and the line, from 1.
struct Version {
    program: Program,
    lines: BTreeMap<PlaceId, (String, u32)>,
}

/// The lines of the instructions that come to places.
fn lines(program: &Program) -> BTreeMap<PlaceId, (String, u32)> {
    let image = program.image();
    let debug = image.debug.as_ref().unwrap();
    let mut lines = BTreeMap::new();
    let mut reader = Reader::new(&image.code);
    loop {
        let at = Addr(reader.position() as u32);
        let Ok(op) = Op::read(&mut reader) else { return lines };
        let (Op::Ask(site) | Op::Act(site) | Op::Wait(site)) = op else { continue };
        let line = debug.lines.iter().take_while(|(from, _)| *from <= at).last().unwrap().1;
        let file = image.strings.get(debug.file_at(at)).to_owned();
        lines.insert(image.sites[site.index()].id, (file, line));
    }
}

/// What is done at a place and how: two of a kind in a step are only told apart by their count.
fn kind(program: &Program, site: Site) -> String {
    format!("{:?} {}", program.image().sites[site.index()].step, what(program, site))
}

fn what(program: &Program, site: Site) -> String {
    match &program.image().sites[site.index()].wait {
        Wait::Ask(ask) => format!("ask {:?}", ask.target),
        Wait::Act(act) => format!("{:?} {:?} {:?}", act.action, act.object, act.given),
        Wait::Pause(_) => "wait".to_owned(),
        Wait::Do(step) => format!("do {step:?}"),
    }
}

/// Whether the place has its kind to itself in its step, and so do those that the chat comes back to.
fn told_apart(program: &Program, session: &Session) -> bool {
    let all = || (0..program.image().sites.len()).map(|at| Site(at as u32));
    let own = |id: PlaceId| all().find(|site| program.image().sites[site.index()].id == id);
    session.place().into_iter().chain(session.callers().iter().copied()).all(|place| {
        own(place)
            .is_some_and(|own| all().filter(|site| kind(program, *site) == kind(program, own)).count() == 1)
    })
}

/// A talk up to some wait.
fn talked(program: &Program, talk: &mut Talk) -> Turn {
    let mut turn = start(program, &talk.facts, talk.now);
    talk.saw(&turn);
    for _ in 0..talk.choices.below(8) {
        let heard = talk.next(&turn);
        let next = resume(program, &turn.session, heard.input(), &talk.facts, talk.now);
        if next.waiting == Waiting::Nothing {
            break;
        }
        turn = next;
        talk.saw(&turn);
    }
    turn
}

/// What was edited and whether the chat stayed; nothing, if there is no such version. Or what went wrong.
type Went = Result<Option<(Vec<Edit>, bool)>, String>;

/// A chat that has talked for a while.
fn case(old: &Version, files: &Files, seed: u64) -> Went {
    let mut talk = Talk::new(Choices::seeded(seed));
    let turn = talked(&old.program, &mut talk);
    edited(old, files, &turn.session, &mut talk)
}

/// A chat meets a version that somebody has edited at random.
fn edited(old: &Version, files: &Files, session: &Session, talk: &mut Talk) -> Went {
    let State::At(place) = session.state() else { return Ok(None) };
    let Some((file, line)) = old.lines.get(&place) else { return Ok(None) };
    let mut draft = Draft::of(&files.flow);
    let mut edits = Vec::new();
    for _ in 0..1 + talk.choices.below(3) {
        let edit = *talk.choices.one(Edit::ALL).unwrap();
        let near = if *file == files.path { *line } else { 0 };
        if !edits.contains(&edit) && draft.edit(edit, near, &mut talk.choices) {
            edits.push(edit);
        }
    }
    let text = draft.text();
    let Some(new) = files.version(&text).filter(|_| !edits.is_empty()) else { return Ok(None) };
    let own = *file == files.path;
    let moved = Moved { old, new: &new, session, talk, edits: &edits, draft: &draft, text: &text, own };
    moved.check(place, (file, *line)).map_err(|what| {
        format!(
            "{what}\nedits: {edits:?}, waits on line {line} of {file}\n--- old\n{}\n--- new\n{text}",
            files.flow
        )
    })
}

/// A chat that meets a new version.
struct Moved<'c> {
    old: &'c Version,
    new: &'c Version,
    session: &'c Session,
    talk: &'c Talk,
    edits: &'c [Edit],
    draft: &'c Draft,
    text: &'c str,
    /// Whether it waits in the file that was edited.
    own: bool,
}

impl Moved<'_> {
    fn check(&self, place: PlaceId, (file, line): (&str, u32)) -> Went {
        let migration = migrate(&self.new.program, self.session, &self.talk.facts);
        let stays = migration.destination.stays();
        let expected = if self.own { self.draft.now(line) } else { Some(line) };
        let told_apart = told_apart(&self.old.program, self.session) && self.new_is_told_apart(&migration);
        if stays && told_apart && !self.replaced(place, &migration) {
            let State::At(now) = migration.session.state() else { return Err("it waits nowhere".into()) };
            let stands = self.new.lines.get(&now);
            if stands.map(|(file, line)| (file.as_str(), Some(*line))) != Some((file, expected)) {
                return Err(format!("it should go on at {file} {expected:?}, and does at {stands:?}"));
            }
            self.buttons(place, now)?;
        }
        if !stays && self.edits.iter().all(|edit| edit.is_harmless()) && told_apart {
            return Err(format!("it lost its place: {:?}", migration.why));
        }
        self.values(&migration)?;
        self.resumes(&migration, place)?;
        Ok(Some((self.edits.to_vec(), stays)))
    }

    /// Whether what it waited at went to another step, and its own step has one like it by now: `wait 1s` before a `wait`
    /// that was split off.
    fn replaced(&self, place: PlaceId, migration: &Migration) -> bool {
        let at = |version: &Version, place| {
            let (program, site) = (&version.program, version.program.site(place)?);
            let image = program.image();
            let step = image.steps[image.sites[site.index()].step.index()].name;
            Some((image.strings.get(step).to_owned(), what(program, site)))
        };
        let State::At(now) = migration.session.state() else { return false };
        self.edits.contains(&Edit::SplitStep) && at(self.old, place) == at(self.new, now)
    }

    fn new_is_told_apart(&self, migration: &Migration) -> bool {
        !migration.destination.stays() || told_apart(&self.new.program, &migration.session)
    }

    /// A button that was shown means the same, or nothing.
    fn buttons(&self, was: PlaceId, is: PlaceId) -> Result<(), String> {
        let label = |program: &Program, place, reply| {
            let site = program.site(place)?;
            let Wait::Ask(ask) = &program.image().sites[site.index()].wait else { return None };
            let known = ask.replies.iter().find(|known| known.id == reply)?;
            Some(program.image().strings.get(known.label).to_owned())
        };
        let reworded = self.edits.contains(&Edit::RewordReply);
        for reply in self.session.shown().map_or(&[][..], |shown| &shown.replies) {
            let before = label(&self.old.program, was, *reply);
            let now = self.new.program.reply_now(is, *reply);
            let after = now.and_then(|now| label(&self.new.program, is, now));
            if after.is_some() && after != before && !reworded {
                return Err(format!("a button {before:?} means {after:?} by now"));
            }
        }
        Ok(())
    }

    /// What was known is known, unless its type has changed.
    fn values(&self, migration: &Migration) -> Result<(), String> {
        let now: BTreeMap<_, _> = migration.session.values().map(|(id, _, value)| (id, value)).collect();
        for (id, origin, value) in self.session.values() {
            let kept = now.get(&id).is_some_and(|now| *now == value || origin == Origin::Carried);
            let retyped = self.edits.contains(&Edit::RetypeLocal);
            let converted = retyped && (now.contains_key(&id) || migration.forgotten.contains(&id));
            if !kept && !converted {
                return Err(format!("the value {value:?} is lost"));
            }
        }
        Ok(())
    }

    /// `resume` does what `migrate` says, and the host hears what was said.
    fn resumes(&self, migration: &Migration, place: PlaceId) -> Result<(), String> {
        let text = "what was said meanwhile";
        let now = self.session.last_active();
        let bytes = Session::from_bytes(&self.session.to_bytes()).unwrap();
        let turn = resume(&self.new.program, &bytes, Input::Text(text), &self.talk.facts, now);
        let first = turn.effects.first().map(|numbered| &numbered.effect);
        match first {
            Some(Effect::Moved { step, why, messages }) => {
                if migration.destination.stays() || *why != migration.why {
                    return Err(format!("it moved, because {why:?}"));
                }
                if messages.last().map(String::as_str) != Some(text) {
                    return Err(format!("what was said is lost: {messages:?}"));
                }
                let declared = self.declared(migration, place);
                if declared.is_some_and(|declared| declared != *step) {
                    return Err(format!("it went to {step:?}"));
                }
                Ok(())
            }
            _ if migration.destination.stays() => Ok(()),
            _ => Err(format!("nobody was told: {first:?}")),
        }
    }

    /// Where the new text says that the chat goes; nothing, if that takes more than a look at it.
    fn declared(&self, migration: &Migration, place: PlaceId) -> Option<Option<String>> {
        let other = |why: &Reason| matches!(why, Reason::OtherFlow | Reason::AgreementChanged);
        if migration.why.iter().any(other) {
            return Some(None);
        }
        if !self.session.callers().is_empty() {
            return None;
        }
        let image = self.old.program.image();
        let site = self.old.program.site(place)?;
        let step = image.strings.get(image.steps[image.sites[site.index()].step.index()].name);
        let header = |line: &str| {
            let (name, was) = line.strip_prefix("step ")?.trim_end_matches('{').split_once(" was ")?;
            was.split(',').any(|was| was.trim() == step).then(|| name.trim().to_owned())
        };
        let gone = migration.why.contains(&Reason::PlaceGone);
        if let Some(name) = self.text.lines().find_map(header).filter(|_| gone) {
            return Some(Some(name));
        }
        let outdated = self.text.lines().find_map(|line| line.strip_prefix("outdated -> "));
        Some(outdated.and_then(|step| step.split_whitespace().next()).map(str::to_owned))
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn a_chat_meets_its_question_or_the_declared_place() {
    let (cases, mut seed) = (number("CHATFLOW_CASES", 300), number("CHATFLOW_SEED", 1));
    let mut seen: BTreeMap<Edit, (u64, u64)> = BTreeMap::new();
    let mut done = 0;
    while done < cases {
        let (flow, _) = sources(Choices::seeded(seed));
        seed += 1;
        let files = Files::random(&flow);
        let Some(old) = files.version(&files.flow) else { continue };
        for nth in 0..10 {
            let result = case(&old, &files, seed ^ ((nth + 1) << 48));
            assert!(result.is_ok(), "seed {}\n{}", seed - 1, result.unwrap_err());
            let Some((edits, stays)) = result.unwrap() else { continue };
            done += 1;
            for edit in edits {
                let (stayed, left) = seen.entry(edit).or_default();
                *(if stays { stayed } else { left }) += 1;
            }
        }
    }
    let never: BTreeSet<Edit> = Edit::ALL.iter().copied().filter(|edit| !seen.contains_key(edit)).collect();
    assert!(cases < 300 || never.is_empty(), "never done: {never:?} {seen:?}");
    for edit in [Edit::RemoveQuestion, Edit::RenameStep, Edit::SplitStep] {
        assert!(cases < 300 || seen[&edit].1 > 0, "{edit:?} throws nobody out: {seen:?}");
    }
}

/// The flows of the examples, each with the other files of its folder.
fn examples() -> Vec<Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = || std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(entries().filter(|path| path.is_dir()));
        let flows = entries().filter(|path| path.extension().is_some_and(|ending| ending == "flow"));
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let mut texts: Vec<(String, String)> =
            flows.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect();
        texts.sort();
        for (path, flow) in
            texts.iter().filter(|(_, text)| text.lines().any(|line| line.starts_with("flow ")))
        {
            let others = texts.iter().filter(|(other, _)| other != path).cloned().collect();
            found.push(Files { path: path.clone(), flow: flow.clone(), others });
        }
    }
    found
}

#[test]
fn chats_at_every_place_of_every_example_go_on() {
    let rounds = number("CHATFLOW_CASES", 300).div_ceil(100);
    let (mut places, mut met) = (0, 0);
    for files in examples() {
        let Some(old) = files.version(&files.flow) else { continue };
        for (nth, place) in (0..).zip(old.lines.keys()) {
            let Some(session) = Session::waiting_at(&old.program, *place, &[]) else { continue };
            places += 1;
            for round in 0..rounds {
                let mut talk = Talk::new(Choices::seeded(round << 32 | nth));
                let went = edited(&old, &files, &session, &mut talk);
                assert!(went.is_ok(), "{}: {}", files.path, went.unwrap_err());
                met += u64::from(went.unwrap().is_some());
            }
        }
    }
    assert!(places > 50 && met > places, "{met} versions at {places} places");
}
