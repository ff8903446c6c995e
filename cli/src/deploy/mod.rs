//! Deploys: what becomes of the chats that wait when their flow gets a new version.
//!
//! [`compare`] looks at two versions of a flow and says, for each place where chats may wait, what has changed there and
//! where they go on. It asks the runtime's own `migrate`, so what a report says is what chats do.

pub mod compare;
pub mod diff;
mod likeness;
pub mod lock;
pub mod locked;
pub mod migrate_check;
pub mod place;
mod report;
pub mod version;
mod waiting;
mod words;
