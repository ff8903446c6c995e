; Made from grammar/tree-sitter-flow/queries/injections.scm, which `tests/src/queries.rs` says how.

((regex) @injection.content
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.language "regex"))

((comment) @injection.content
  (#set! injection.language "comment"))

((doc_comment) @injection.content
  (#offset! @injection.content 0 3 0 0)
  (#set! injection.language "markdown_inline"))
