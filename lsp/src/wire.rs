//! The wire: the protocol's messages, by tower-lsp. No other module knows it.
//!
//! Handlers do no work of their own. Each takes the world that its request came with, asks one of the functions of this
//! crate on a thread beside, and writes the answer as the protocol wants it. A function that panics is an error answer;
//! none waits for the editor.

// Messages and who answers them.
mod ingress;
mod server;

// The answers.
mod begin;
mod changes;
mod commands;
mod drawing;
mod findings;
mod places;
mod publish;
mod reading;
mod refresh;

// What the protocol writes, and what the server keeps.
mod capabilities;
mod convert;
mod frames;
mod hierarchy;
mod shared;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chatflow_compiler::source::FileId;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types as lsp;
use tower_lsp::{Client, LspService, Server};

use crate::disk::Disk;
use crate::player::Player;
use crate::wanted::while_wanted;
use crate::world::World;
use convert::Convert;
use ingress::{Ingress, WORLD};
use shared::{Shared, path_of};

/// How many requests are in work at once. Each only waits, so that many cost nothing; messages that the loop has no room
/// for would keep it from reading others.
const AT_ONCE: usize = 256;

/// How much of what comes in waits for the server, in bytes.
const BUFFER: usize = 64 * 1024;

/// Serves an editor until it says `exit` or closes the pipe. Whether it had said `shutdown` before, as it should.
pub async fn serve<I, O>(input: I, output: O, disk: Arc<dyn Disk>, player: Arc<dyn Player>) -> bool
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let shared = Arc::new(Shared::new(World::new(disk), player));
    let backend = |client: Client| Backend { client, shared: shared.clone() };
    let (service, socket) =
        LspService::build(backend).custom_method("chatflow/graph", drawing::graph).finish();
    let ingress = Ingress::new(service, shared.clone());
    let (to_server, from_pump) = tokio::io::duplex(BUFFER);
    let pumping = frames::pump(input, to_server);
    let serving = Server::new(from_pump, output, socket).concurrency_level(AT_ONCE).serve(ingress);
    let serving = async { tokio::join!(pumping, serving) };
    tokio::pin!(serving);
    tokio::select! {
        _ = &mut serving => {}
        // What is still to be written is; tower-lsp itself would wait for the pipe to close.
        () = shared.exited.notified() => {
            let _ = tokio::time::timeout(Duration::from_millis(100), &mut serving).await;
        }
    }
    shared.shut_down.load(Ordering::SeqCst)
}

/// Serves an editor over standard input and output. Whether it said `shutdown` before it left, as it should.
///
/// # Errors
/// If the system gives no threads.
pub fn serve_stdio(disk: Arc<dyn Disk>, player: Arc<dyn Player>) -> std::io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // More at once would only be slower; what nobody waits for any more is not begun.
        .max_blocking_threads(THREADS)
        .thread_stack_size(STACK)
        .build()?;
    let orderly = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), disk, player));
    // A read of standard input that will never come is not waited for.
    runtime.shutdown_background();
    Ok(orderly)
}

/// Threads for questions, besides one that reads and one that writes.
const THREADS: usize = 6;

/// Room for a tree that nests as deep as the parser lets it, in bytes.
const STACK: usize = 16 * 1024 * 1024;

/// Answers the editor.
struct Backend {
    client: Client,
    shared: Arc<Shared>,
}

/// A blocking task that is not begun any more when nobody waits for it, and given up if it was.
struct Abandoned<T>(tokio::task::JoinHandle<T>, Arc<AtomicBool>);

impl<T> Drop for Abandoned<T> {
    fn drop(&mut self) {
        self.1.store(false, Ordering::SeqCst);
        self.0.abort();
    }
}

/// What a function says of the world that the request came with.
async fn ask<T: Send + 'static>(function: impl FnOnce(&World) -> T + Send + 'static) -> Result<T> {
    let world = WORLD.try_with(World::clone).map_err(|_| Error::internal_error())?;
    let wanted = Arc::new(AtomicBool::new(true));
    let asks = wanted.clone();
    let work = move || while_wanted(move || asks.load(Ordering::SeqCst), || function(&world));
    let mut work = Abandoned(tokio::task::spawn_blocking(work), wanted);
    (&mut work.0).await.map_err(|_| {
        let message = "this is a bug in chatflow; the server goes on".to_owned();
        Error { code: ErrorCode::InternalError, message: message.into(), data: None }
    })
}

impl Backend {
    /// What a function says of a file; nothing if it is in no project.
    async fn of_file<T: Send + 'static>(
        &self,
        uri: lsp::Url,
        function: impl FnOnce(&Convert<'_>, FileId) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let shared = self.shared.clone();
        ask(move |world| {
            let (analysis, file) = world.analysis(&path_of(&uri))?;
            let convert = Convert { analysis: &analysis, encoding: world.encoding, shared: &shared };
            Some(function(&convert, file))
        })
        .await
    }

    /// What a function says of a place in a file.
    async fn of_place<T: Send + 'static>(
        &self,
        at: lsp::TextDocumentPositionParams,
        function: impl FnOnce(&Convert<'_>, FileId, u32) -> T + Send + 'static,
    ) -> Result<Option<T>> {
        let position = at.position;
        let uri = at.text_document.uri;
        self.of_file(uri, move |convert, file| function(convert, file, convert.offset(file, position))).await
    }
}
