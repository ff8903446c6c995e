//! The few styles the command uses.

use anstyle::{AnsiColor, Style};

/// What the machinery says in the middle of a chat.
pub const DIM: Style = Style::new().dimmed();
/// Headings.
pub const BOLD: Style = Style::new().bold();
/// What failed.
pub const BAD: Style = AnsiColor::Red.on_default();
/// What passed.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What should be noticed.
pub const NOTE: Style = AnsiColor::Yellow.on_default();
