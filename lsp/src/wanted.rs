//! Work that somebody waits for, and giving it up when nobody does any more.
//!
//! Whoever begins a piece of work says how it is told that it is still wanted; what takes long asks now and then, on the
//! same thread. Giving up unwinds to where the work was begun: nothing in between is half done, since all of it only
//! makes values.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::Arc;

/// How a piece of work is told that it is still wanted.
pub type Wanted = Arc<dyn Fn() -> bool + Send + Sync>;

thread_local! {
    /// How the work of this thread is told that it is wanted.
    static WANTED: RefCell<Option<Wanted>> = const { RefCell::new(None) };
}

/// What a thread unwinds with when it gives up.
#[derive(Debug)]
pub struct Unwanted;

/// Does a piece of work that may be given up when it is no longer wanted: then this unwinds with [`Unwanted`].
pub fn while_wanted<T>(wanted: impl Fn() -> bool + Send + Sync + 'static, work: impl FnOnce() -> T) -> T {
    struct Before(Option<Wanted>);
    impl Drop for Before {
        fn drop(&mut self) {
            WANTED.set(self.0.take());
        }
    }
    let _before = Before(WANTED.replace(Some(Arc::new(wanted))));
    work()
}

/// How the work of this thread is told, for another one that does a part of it.
pub fn current() -> Wanted {
    WANTED.with_borrow(Clone::clone).unwrap_or_else(|| Arc::new(|| true))
}

/// Whether the work of this thread is still wanted.
pub fn is_wanted() -> bool {
    current()()
}

/// Gives up what this thread does. No panic hook hears of it.
pub fn give_up() -> ! {
    resume_unwind(Box::new(Unwanted))
}
