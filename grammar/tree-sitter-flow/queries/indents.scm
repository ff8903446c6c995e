; How deep a line stands: as deep as the brackets around it.

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
