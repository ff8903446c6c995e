//! What the editor has open, at one moment, and the projects that this is.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use chatflow_compiler::source::{FileId, Source};

use crate::analysis::{Analysis, slashes};
use crate::disk::{Disk, Loaded, Open};
use crate::text::{Change, Encoding, changed};

/// A file that the editor has open.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text.
    pub text: Arc<str>,
    /// The editor's number for it.
    pub version: i32,
}

/// What the editor has open, at one moment: a value. What changes it makes another one.
#[derive(Clone)]
pub struct World {
    /// Counts the changes.
    pub revision: u64,
    /// How the editor counts columns.
    pub encoding: Encoding,
    /// The folders that the editor shows.
    pub folders: Vec<PathBuf>,
    /// What is open.
    pub documents: Arc<BTreeMap<PathBuf, Document>>,
    /// Counts what may have changed on disk.
    pub on_disk: u64,
    disk: Arc<dyn Disk>,
    /// What was read from disk, of which later worlds make use too.
    cache: Arc<Mutex<Cache>>,
    /// The projects of this world, each found once.
    projects: Arc<Mutex<BTreeMap<PathBuf, Slot>>>,
}

type Slot = Arc<OnceLock<Option<Arc<Analysis>>>>;

#[derive(Default)]
struct Cache {
    /// What of this is still true.
    on_disk: u64,
    /// For each file, the path that its project is loaded by: a folder, or the file itself.
    anchors: BTreeMap<PathBuf, PathBuf>,
    /// What was loaded, with the lines that decide what a file alone uses.
    loaded: BTreeMap<PathBuf, (Vec<String>, Arc<Loaded>)>,
    /// The last analysis of each project.
    before: BTreeMap<PathBuf, Arc<Analysis>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("revision", &self.revision).finish_non_exhaustive()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panic left behind is only a cache.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// A world with nothing open.
    pub fn new(disk: Arc<dyn Disk>) -> World {
        World {
            revision: 0,
            encoding: Encoding::default(),
            folders: Vec::new(),
            documents: Arc::default(),
            on_disk: 0,
            disk,
            cache: Arc::default(),
            projects: Arc::default(),
        }
    }

    /// What comes next is another world.
    fn next(&mut self) {
        self.revision += 1;
        self.projects = Arc::default();
    }

    /// The editor opens a file.
    pub fn open(&mut self, path: PathBuf, text: Arc<str>, version: i32) {
        Arc::make_mut(&mut self.documents).insert(path, Document { text, version });
        self.disk_changed();
    }

    /// The editor changes a file that is open.
    pub fn change(&mut self, path: &Path, changes: &[Change], version: i32) {
        let encoding = self.encoding;
        if let Some(document) = Arc::make_mut(&mut self.documents).get_mut(path) {
            *document = Document { text: changed(&document.text, changes, encoding), version };
            self.next();
        }
    }

    /// The editor closes a file: what is on disk counts again.
    pub fn close(&mut self, path: &Path) {
        Arc::make_mut(&mut self.documents).remove(path);
        self.disk_changed();
    }

    /// Something on disk changed.
    pub fn disk_changed(&mut self) {
        self.on_disk += 1;
        self.next();
    }

    /// The editor shows other folders.
    pub fn set_folders(&mut self, folders: Vec<PathBuf>) {
        self.folders = folders;
        self.disk_changed();
    }

    /// The project of a file, and the file's number in it.
    pub fn analysis(&self, path: &Path) -> Option<(Arc<Analysis>, FileId)> {
        let analysis = self.project(&self.anchor(path)).or_else(|| self.project(path))?;
        match analysis.file_at(path) {
            Some(file) => Some((analysis, file)),
            // A file that its project leaves out stands alone.
            None => self.project(path).and_then(|alone| alone.file_at(path).map(|file| (alone, file))),
        }
    }

    /// Every project: those of the folders, and those of what is open.
    pub fn analyses(&self) -> Vec<Arc<Analysis>> {
        let mut found: Vec<Arc<Analysis>> = Vec::new();
        let folders = self.folders.iter().filter_map(|folder| {
            let anchor = self.disk.folder(&folder.join("x"), &self.folders)?;
            self.project(&anchor)
        });
        let open = self.documents.keys().filter_map(|path| Some(self.analysis(path)?.0));
        for analysis in folders.chain(open) {
            if !found.iter().any(|other| Arc::ptr_eq(other, &analysis)) {
                found.push(analysis);
            }
        }
        found
    }

    /// The path that a file's project is loaded by.
    fn anchor(&self, path: &Path) -> PathBuf {
        if let Some(anchor) = self.cache().anchors.get(path) {
            return anchor.clone();
        }
        let anchor = self.disk.folder(path, &self.folders).unwrap_or_else(|| path.to_owned());
        self.cache().anchors.insert(path.to_owned(), anchor.clone());
        anchor
    }

    /// The cache, without what is no longer true.
    fn cache(&self) -> MutexGuard<'_, Cache> {
        let mut cache = locked(&self.cache);
        if cache.on_disk < self.on_disk {
            cache.on_disk = self.on_disk;
            cache.anchors.clear();
            cache.loaded.clear();
        }
        cache
    }

    /// The project in a folder, or of a file alone.
    fn project(&self, anchor: &Path) -> Option<Arc<Analysis>> {
        let slot = locked(&self.projects).entry(anchor.to_owned()).or_default().clone();
        slot.get_or_init(|| self.make(anchor)).clone()
    }

    fn make(&self, anchor: &Path) -> Option<Arc<Analysis>> {
        let loaded = self.loaded(anchor)?;
        let sources = self.sources(&loaded);
        let before = locked(&self.cache).before.get(anchor).cloned();
        let before = before.filter(|before| {
            before.root == loaded.root
                && before.beside == loaded.beside
                && before.project.deployed == loaded.deployed
        });
        if let Some(before) = before.as_ref().filter(|before| before.is_of(&sources)) {
            return Some(before.clone());
        }
        let analysis =
            READER.run(move || (Arc::new(Analysis::new(&loaded, sources, before.as_deref())), before));
        let old = locked(&self.cache).before.insert(anchor.to_owned(), analysis.clone());
        READER.later(old);
        Some(analysis)
    }

    fn loaded(&self, anchor: &Path) -> Option<Arc<Loaded>> {
        let uses = self.documents.get(anchor).map(|document| deciding(&document.text)).unwrap_or_default();
        if let Some((lines, loaded)) = self.cache().loaded.get(anchor)
            && *lines == uses
        {
            return Some(loaded.clone());
        }
        let open: Open = self.documents.iter().map(|(path, it)| (path.clone(), it.text.clone())).collect();
        let loaded = Arc::new(self.disk.load(anchor, &open).ok()?);
        self.cache().loaded.insert(anchor.to_owned(), (uses, loaded.clone()));
        Some(loaded)
    }

    /// The files of a project as they are now: those that are open as the editor has them, and new ones with them.
    fn sources(&self, loaded: &Loaded) -> Vec<Source> {
        let relative = |path: &Path| path.strip_prefix(&loaded.root).ok().map(slashes);
        let open: BTreeMap<String, &Document> =
            self.documents.iter().filter_map(|(path, document)| Some((relative(path)?, document))).collect();
        let mut sources = loaded.files.clone();
        for source in &mut sources {
            if let Some(document) = open.get(&source.path) {
                *source = Source::new(source.path.clone(), document.text.clone());
            }
        }
        if loaded.whole {
            for (path, document) in &self.documents.iter().collect::<Vec<_>>() {
                let Some(name) = relative(path).filter(|name| sources.iter().all(|it| it.path != *name))
                else {
                    continue;
                };
                if self.anchor(path) == loaded.root {
                    sources.push(Source::new(name, document.text.clone()));
                }
            }
            sources.sort_by(|one, other| one.path.cmp(&other.path));
        }
        sources
    }
}

/// The lines that decide what is loaded with a file that stands alone.
fn deciding(text: &str) -> Vec<String> {
    let decides = |line: &&str| {
        let word = line.trim_start().split([' ', '\t']).next().unwrap_or("");
        matches!(word, "use" | "flow" | "module" | "workspace" | "tests")
    };
    text.lines().filter(decides).map(str::to_owned).collect()
}

/// A thread that does one kind of work, for all who want it done. It is always the same one since an allocator keeps for
/// each thread what that has given back: many threads would each keep room for a whole project.
pub(crate) struct Worker(Option<Sender<Job>>);

type Job = Box<dyn FnOnce() + Send>;

/// Reads files.
static READER: LazyLock<Worker> = LazyLock::new(Worker::new);

/// Finds what names mean, which completion waits for.
pub(crate) static NAMER: LazyLock<Worker> = LazyLock::new(Worker::new);

/// Checks projects.
pub(crate) static CHECKER: LazyLock<Worker> = LazyLock::new(Worker::new);

/// Room for a tree that nests as deep as the parser lets it, in bytes.
const STACK: usize = 16 * 1024 * 1024;

impl Worker {
    fn new() -> Worker {
        let (jobs, wanted) = channel::<Job>();
        let work = move || wanted.into_iter().for_each(|job| job());
        let started = std::thread::Builder::new().stack_size(STACK).spawn(work);
        // Where the system gives no thread, whoever asks does the work.
        Worker(started.is_ok().then_some(jobs))
    }

    /// What comes of the work, as soon as it is there; the rest is thrown away after that. A panic is the asker's.
    pub(crate) fn run<T: Send + 'static, R>(&self, work: impl FnOnce() -> (T, R) + Send + 'static) -> T {
        let (say, said) = channel();
        self.send(Box::new(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            let (made, rest) = match done {
                Ok((made, rest)) => (Ok(made), Some(rest)),
                Err(panic) => (Err(panic), None),
            };
            // Who has asked may be gone.
            let _ = say.send(made);
            drop(rest);
        }));
        match said.recv() {
            Ok(Ok(made)) => made,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(gone) => resume_unwind(Box::new(gone)),
        }
    }

    /// Throws something away when there is nothing else to do.
    fn later(&self, old: impl Send + 'static) {
        self.send(Box::new(move || drop(old)));
    }

    fn send(&self, job: Job) {
        let left = match &self.0 {
            Some(jobs) => jobs.send(job).err().map(|unsent| unsent.0),
            None => Some(job),
        };
        if let Some(job) = left {
            job();
        }
    }
}
