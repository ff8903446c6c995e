; Made from grammar/tree-sitter-flow/queries/folds.scm, which `tests/src/queries.rs` says how.

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
  (text)
] @fold

(comment)+ @fold
(doc_comment)+ @fold
