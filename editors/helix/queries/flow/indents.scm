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
] @indent

["}" "]" ")"] @outdent
