; Made from grammar/tree-sitter-flow/queries/locals.scm, which `tests/src/queries.rs` says how.

(source_file) @local.scope

(step name: (name) @local.definition.function)
(function name: (name) @local.definition.function)
(let name: (name) @local.definition.variable)
(save name: (name) @local.definition.variable)
(ask target: (name) @local.definition.variable)
(property name: (name) @local.definition.variable.other.member)
(parameter name: (name) @local.definition.variable.parameter)

(step_name !module name: (name) @local.reference)
(call function: (name) @local.reference)
(set target: (name) @local.reference)
(clear target: (name) @local.reference)
(set value: (name) @local.reference)
(let value: (name) @local.reference)
(comparison (name) @local.reference)
(conjunction (name) @local.reference)
(disjunction (name) @local.reference)
(negation (name) @local.reference)
(sum (name) @local.reference)
(product (name) @local.reference)
(minus (name) @local.reference)
(parenthesis (name) @local.reference)
(arguments (name) @local.reference)
(hole (name) @local.reference)
(forms of: (name) @local.reference)
