; Made from grammar/tree-sitter-flow/queries/textobjects.scm, which `tests/src/queries.rs` says how.

(step body: (block) @function.inner) @function.outer
(test body: (test_block) @function.inner) @function.outer
(anytime body: (anytime_block) @function.inner) @function.outer

(properties body: (property_block) @class.inner) @class.outer
(declaration body: (settings) @class.inner) @class.outer

(if then: (block) @conditional.inner) @conditional.outer
(else_if then: (block) @conditional.inner)
(else then: (block) @conditional.inner)

(block) @block.outer
(settings) @block.outer

(parameter) @parameter.inner
(arguments (expression) @parameter.inner)
(list (expression) @parameter.inner)
(options (option) @parameter.inner)

(call) @call.outer
(call arguments: (arguments) @call.inner)

(set value: (expression) @assignment.rhs) @assignment.outer
(let value: (expression) @assignment.rhs) @assignment.outer

[(say) (ask) (set) (let) (clear) (wait) (do) (go) (end) (if) (action)] @statement.outer

(comment)+ @comment.outer
(doc_comment)+ @comment.outer
