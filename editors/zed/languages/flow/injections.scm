; Made from grammar/tree-sitter-flow/queries/injections.scm, which `tests/src/queries.rs` says how.

((pattern) @injection.content
  (#set! injection.language "regex"))

((comment) @injection.content
  (#set! injection.language "comment"))
