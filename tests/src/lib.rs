//! Helpers that the tests of this room share.

pub mod documents;
pub mod documents_tables;
pub mod oracle;
pub mod random;
