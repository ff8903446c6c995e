//! Helpers that the tests of this room share.
