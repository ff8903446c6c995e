; What the symbol picker lists where no language server runs.

(header name: (name) @name) @definition.module
(step name: (name) @name) @definition.function
(test name: (text) @name) @definition.function
(function name: (name) @name) @definition.function
(property name: (name) @name) @definition.field
(step_name name: (name) @name) @reference.call
