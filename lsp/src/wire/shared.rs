//! What the server knows: the world, and what the editor said of itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Notify;
use tower_lsp::lsp_types::{
    ClientCapabilities, Diagnostic, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, InitializeParams,
    Position, SemanticToken, Url,
};

use crate::player::Player;
use crate::text::{Change, Encoding, Place};
use crate::world::World;

/// What handlers and the way in have in common.
pub(super) struct Shared {
    world: Mutex<World>,
    /// What the editor calls its files, by their paths.
    uris: Mutex<BTreeMap<PathBuf, Url>>,
    /// What the editor can do.
    client: Mutex<ClientCapabilities>,
    /// The tokens that were sent last for a file, and their number.
    pub(super) tokens: Mutex<BTreeMap<Url, (u64, Vec<SemanticToken>)>>,
    /// The documentation of the items that were offered last, and the number of their list.
    docs: Mutex<(u64, Vec<String>)>,
    /// The lines of tests that failed when they were run, by file, and the text that they failed in.
    failed: Mutex<BTreeMap<PathBuf, Failed>>,
    /// Counts the tests that were run.
    runs: AtomicU64,
    /// Who runs tests.
    pub(super) player: Arc<dyn Player>,
    /// The world has changed.
    pub(super) changed: Notify,
    /// `exit` came.
    pub(super) exited: Notify,
    /// `shutdown` came.
    pub(super) shut_down: AtomicBool,
}

/// The text in which tests failed, and the lines.
type Failed = (Arc<str>, Vec<Diagnostic>);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(world: World, player: Arc<dyn Player>) -> Shared {
        Shared {
            world: Mutex::new(world),
            uris: Mutex::default(),
            client: Mutex::default(),
            tokens: Mutex::default(),
            docs: Mutex::default(),
            failed: Mutex::default(),
            runs: AtomicU64::new(0),
            player,
            changed: Notify::new(),
            exited: Notify::new(),
            shut_down: AtomicBool::new(false),
        }
    }

    /// The world as it is now.
    pub(super) fn world(&self) -> World {
        locked(&self.world).clone()
    }

    /// Counts the changes of the world.
    pub(super) fn revision(&self) -> u64 {
        locked(&self.world).revision
    }

    /// What the editor can do.
    pub(super) fn client(&self) -> ClientCapabilities {
        locked(&self.client).clone()
    }

    /// What the editor calls a file.
    pub(super) fn uri(&self, path: &Path) -> Option<Url> {
        locked(&self.uris).get(path).cloned().or_else(|| Url::from_file_path(path).ok())
    }

    /// Keeps the documentation of a list of items until the next one; the number of the list.
    pub(super) fn keep_docs(&self, docs: impl Iterator<Item = String>) -> u64 {
        let mut kept = locked(&self.docs);
        *kept = (kept.0 + 1, docs.collect());
        kept.0
    }

    /// The documentation of an item of a list, if it was the last one.
    pub(super) fn docs(&self, list: u64, nth: usize) -> Option<String> {
        let kept = locked(&self.docs);
        (kept.0 == list).then(|| kept.1.get(nth).cloned())?
    }

    /// Keeps which lines of a file failed when its tests were run.
    pub(super) fn keep_failed(&self, path: PathBuf, text: Arc<str>, failed: Vec<Diagnostic>) {
        locked(&self.failed).insert(path, (text, failed));
        self.runs.fetch_add(1, Ordering::SeqCst);
    }

    /// The lines of a file that failed, as long as its text is what it was then.
    pub(super) fn failed(&self, path: &Path, text: &Arc<str>) -> Vec<Diagnostic> {
        let failed = locked(&self.failed);
        failed.get(path).filter(|(of, _)| of == text).map(|(_, failed)| failed.clone()).unwrap_or_default()
    }

    /// Counts the tests that were run.
    pub(super) fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }

    /// What a message changes, done; whether that was all there is to do about it.
    pub(super) fn take(&self, method: &str, params: Option<&Value>) -> bool {
        match method {
            "initialize" => {
                if let Some(params) = read::<InitializeParams>(params) {
                    self.initialize(params);
                }
                // The answer is the handler's.
                return false;
            }
            "textDocument/didOpen" => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(params) {
                    let document = params.text_document;
                    let path = path_of(&document.uri);
                    locked(&self.uris).insert(path.clone(), document.uri);
                    locked(&self.world).open(path, document.text.into(), document.version);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(params) {
                    let changes: Vec<Change> = params
                        .content_changes
                        .into_iter()
                        .map(|change| {
                            let range = change.range.map(|range| (place(range.start), place(range.end)));
                            Change { range, text: change.text }
                        })
                        .collect();
                    let path = path_of(&params.text_document.uri);
                    locked(&self.world).change(&path, &changes, params.text_document.version);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(params) {
                    let path = path_of(&params.text_document.uri);
                    locked(&self.tokens).remove(&params.text_document.uri);
                    locked(&self.world).close(&path);
                }
            }
            "textDocument/didSave" => locked(&self.world).disk_changed(),
            "workspace/didChangeWatchedFiles" => {
                if read::<DidChangeWatchedFilesParams>(params).is_some() {
                    locked(&self.world).disk_changed();
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(params) = read::<DidChangeWorkspaceFoldersParams>(params) {
                    self.folders_changed(params);
                }
            }
            "workspace/didChangeConfiguration"
            | "workspace/didRenameFiles"
            | "workspace/didCreateFiles"
            | "workspace/didDeleteFiles" => locked(&self.world).disk_changed(),
            "$/setTrace" => return true,
            _ => return false,
        }
        self.changed.notify_one();
        true
    }

    fn initialize(&self, params: InitializeParams) {
        let folders = params.workspace_folders.unwrap_or_default();
        let mut folders: Vec<PathBuf> = folders.into_iter().map(|folder| path_of(&folder.uri)).collect();
        if folders.is_empty() {
            folders.extend(params.root_uri.as_ref().map(path_of));
        }
        let mut world = locked(&self.world);
        world.encoding = encoding(&params.capabilities);
        world.set_folders(folders);
        *locked(&self.client) = params.capabilities;
    }

    fn folders_changed(&self, params: DidChangeWorkspaceFoldersParams) {
        let mut world = locked(&self.world);
        let gone: Vec<PathBuf> = params.event.removed.iter().map(|folder| path_of(&folder.uri)).collect();
        let mut folders = world.folders.clone();
        folders.retain(|folder| !gone.contains(folder));
        folders.extend(params.event.added.iter().map(|folder| path_of(&folder.uri)));
        world.set_folders(folders);
    }
}

/// The encoding of columns that both sides know: bytes if the editor takes them, they need no counting.
pub(super) fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.clone());
    let offered = offered.unwrap_or_default();
    let offers = |word: &str| offered.iter().any(|kind| kind.as_str() == word);
    match (offers("utf-8"), offers("utf-16"), offers("utf-32")) {
        (true, _, _) => Encoding::Utf8,
        (false, false, true) => Encoding::Utf32,
        (false, _, _) => Encoding::Utf16,
    }
}

fn read<T: DeserializeOwned>(params: Option<&Value>) -> Option<T> {
    T::deserialize(params?).ok()
}

fn place(position: Position) -> Place {
    Place { line: position.line, column: position.character }
}

/// The path of a file; of one that is not on disk, its whole address.
pub(super) fn path_of(uri: &Url) -> PathBuf {
    uri.to_file_path().unwrap_or_else(|()| PathBuf::from(uri.as_str()))
}
