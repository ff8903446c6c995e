; Made from grammar/tree-sitter-flow/queries/indents.scm, which `tests/src/queries.rs` says how.

[
  (block)
  (settings)
  (anytime_block)
  (property_block)
  (test_block)
  (parameters)
  (options)
  (list)
  (arguments)
  (parenthesis)
] @indent.begin

["}" "]" ")"] @indent.branch @indent.end

; Where the closing bracket is not written yet.
(ERROR "{") @indent.begin

; Texts over several lines keep what is written.
(text) @indent.auto
(comment) @indent.ignore
