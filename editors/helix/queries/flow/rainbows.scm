; The brackets that can be coloured by their depth.

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
  (hole)
] @rainbow.scope

["{" "}" "[" "]" "(" ")"] @rainbow.bracket
