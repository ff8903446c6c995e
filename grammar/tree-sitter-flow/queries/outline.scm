; The outline of a file, as Zed shows it.

(header
  ["flow" "workspace" "module"] @context
  name: (name) @name) @item

(tests_for
  "tests" @context
  "for" @context
  name: (name) @name) @item

(step
  "step" @context
  name: (name) @name) @item

(test
  "test" @context
  name: (text) @name) @item

(anytime "anytime" @name) @item

(outdated "outdated" @name) @item

(properties ["contact" "company"] @name) @item

(property name: (name) @name) @item

(function
  "function" @context
  name: (name) @name) @item

(declaration
  kind: (name) @name
  body: (settings)) @item

(ask
  "ask" @context
  text: (text) @name) @item

(doc_comment) @annotation
