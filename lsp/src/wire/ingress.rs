//! Where messages come in, in the order in which the editor sent them.
//!
//! tower-lsp calls its service for each message in that order, but runs the handlers side by side, so that a request
//! may see the text of a later or an earlier change. So whatever changes the world is done here, in the call itself,
//! and each request is given the world as it is when it comes in. Cancelling is done here too: it must not wait behind
//! what it cancels. What else tower-lsp 0.20 gets wrong is put right on the way: `null` for no parameters, and an end
//! that waits for the editor to close the pipe.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use serde_json::Value;
use tower::Service;
use tower_lsp::jsonrpc::{Request, Response};
use tower_lsp::{ExitedError, LspService};

use super::Backend;
use super::shared::Shared;
use crate::world::World;

tokio::task_local! {
    /// The world as it was when the request came in that is being answered.
    pub(super) static WORLD: World;
}

/// The service that tower-lsp's loop calls.
pub(super) struct Ingress {
    inner: LspService<Backend>,
    shared: Arc<Shared>,
}

type Answer = Pin<Box<dyn Future<Output = Result<Option<Response>, ExitedError>> + Send>>;

impl Ingress {
    pub(super) fn new(inner: LspService<Backend>, shared: Arc<Shared>) -> Ingress {
        Ingress { inner, shared }
    }

    /// Does at once what changes the world; whether that was all there is to do.
    fn take(&self, method: &str, params: Option<&Value>) -> bool {
        let taken = catch_unwind(AssertUnwindSafe(|| self.shared.take(method, params)));
        // A message that cannot be taken leaves the world as it was.
        taken.unwrap_or(false)
    }
}

impl Service<Request> for Ingress {
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = Answer;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Answer {
        match request.method() {
            "$/cancelRequest" => {
                // The handler has nothing to wait for: it is done when it is polled once.
                let mut cancel = self.inner.call(request);
                let _ = cancel.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                return nothing();
            }
            "exit" => {
                self.shared.exited.notify_one();
                return nothing();
            }
            "shutdown" => self.shared.shut_down.store(true, Ordering::SeqCst),
            _ => {}
        }
        let (method, id, params) = request.into_parts();
        let params = params.filter(|params| !params.is_null());
        if self.take(&method, params.as_ref()) {
            return nothing();
        }
        let mut request = Request::build(method);
        if let Some(params) = params {
            request = request.params(params);
        }
        if let Some(id) = id {
            request = request.id(id);
        }
        let world = self.shared.world();
        Box::pin(WORLD.scope(world, self.inner.call(request.finish())))
    }
}

fn nothing() -> Answer {
    Box::pin(std::future::ready(Ok(None)))
}
