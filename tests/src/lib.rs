//! What the tests of this crate share: the documents' blocks, the conversations, and flows at random.

pub mod broken;
pub mod documents;
pub mod documents_tables;
pub mod mistakes;
pub mod oracle;
pub mod queries;
pub mod random;
pub mod relink;
pub mod rewrite;
pub mod scrambled;
pub mod shape;
pub mod slips;
pub mod written_out;
