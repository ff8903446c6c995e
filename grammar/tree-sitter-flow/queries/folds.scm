; What can be folded: blocks, lists over several lines, texts over several lines.

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
