; What is coloured how. The captures are Neovim's; those of Helix and Zed are made from this file, see `tests/src/queries.rs`.
;
; No two patterns capture the same node, so that it does not matter whether an editor takes the first or the last one. The words
; of the lists are the compiler's; `UPDATE_DOCS=1` with the tests writes them.

(comment) @comment
(doc_comment) @comment.documentation

; Texts

(text ["\"" "\"\"\""] @string)
(words) @string
(escape) @string.escape
(hole ["{" "}"] @punctuation.special)
(wildcard) @string
(regex "/" @string.regexp)
(pattern) @string.regexp

; Literals

[(number) (duration) (percent) (colour) (date) (datetime) (time)] @number
(truth) @boolean

; What a file is made of

(header ["flow" "workspace" "module"] @keyword)
(header name: (name) @module)
(header (was (name) @module))
(was "was" @keyword)
(tests_for ["tests" "for"] @keyword)
(tests_for name: (name) @module)
(step "step" @keyword.function)
(step name: (name) @function)
(step (was (name) @function))
(test "test" @keyword)
(anytime "anytime" @keyword)
(outdated "outdated" @keyword)
(properties ["contact" "company"] @keyword)
(property name: (name) @property)
(function "function" @keyword.function)
(function name: (name) @function)
(parameter name: (name) @variable.parameter)
(type) @type.builtin
(options ["one" "many" "of"] @type.builtin)
(option name: (name) @constant)

(declaration kind: (name) @keyword)
; list: things
((declaration kind: (name) @_kind . (name) @type)
  (#any-of? @_kind "article" "inbox" "knowledge" "list" "meeting" "pipeline" "secret" "subscription" "survey" "team" "user" "workflow"))
; end
((declaration kind: (name) @_kind . (name) @module)
  (#eq? @_kind "use"))
; list: settings
((declaration kind: (name) @_kind (name) @constant)
  (#any-of? @_kind "channel" "languages" "plan" "priority" "privacy"))
; end
(declaration (path) @constant)

; Statements

(say "say" @keyword)
(ask "ask" @keyword)
(set "set" @keyword)
(let "let" @keyword)
(clear "clear" @keyword)
(wait "wait" @keyword)
(do "do" @keyword)
(end) @keyword.return
(if ["if" "then"] @keyword.conditional)
(else_if ["else" "if" "then"] @keyword.conditional)
(else "else" @keyword.conditional)

(step_name module: (name) @module)
(step_name name: (name) @function)

; The words of actions; what else stands in one is the name of a thing.
; list: action words
((action word: (name) @function.method)
  (#any-of? @function.method "add" "article" "book" "call" "contact" "create" "enroll" "from" "function" "hand" "in" "knowledge" "list" "meeting" "off" "owner" "remove" "search" "share" "subscribe" "team" "ticket" "to" "unassigned" "user" "webhook" "workflow"))
((action word: (name) @type)
  (#not-any-of? @type "add" "article" "book" "call" "contact" "create" "enroll" "from" "function" "hand" "in" "knowledge" "list" "meeting" "off" "owner" "remove" "search" "share" "subscribe" "team" "ticket" "to" "unassigned" "user" "webhook" "workflow"))
((fail word: (name) @function.method)
  (#any-of? @function.method "add" "article" "book" "call" "contact" "create" "enroll" "from" "function" "hand" "in" "knowledge" "list" "meeting" "off" "owner" "remove" "search" "share" "subscribe" "team" "ticket" "to" "unassigned" "user" "webhook" "workflow"))
((fail word: (name) @type)
  (#not-any-of? @type "add" "article" "book" "call" "contact" "create" "enroll" "from" "function" "hand" "in" "knowledge" "list" "meeting" "off" "owner" "remove" "search" "share" "subscribe" "team" "ticket" "to" "unassigned" "user" "webhook" "workflow"))
; end

; Settings, outcomes, choices

(group name: (name) @property)
(entry "when" @keyword.conditional)
(entry . name: (name) @property .)
(entry . name: (name) @property . (expression))
(entry . name: (name) @property . (range))
(entry . name: (name) @label . target: (go))
(save ["save" "as"] @keyword)
(save name: (name) @variable)

; Tests

(given "given" @keyword)
(answer ["given" "call" "webhook" "answers"] @keyword)
(visit "visit" @keyword)
(agree "agree" @keyword)
(agree to: (name) @constant)
(bot "bot" @keyword)
(visitor "visitor" @keyword)
(expect ["expect" "not"] @keyword)
(shown ["not" "shown"] @keyword)
(fail "fail" @keyword)
(choose "choose" @keyword)
(choose outcome: (name) @label)
(completed) @keyword

; Names: by where they stand. A word alone is a local, or an option where a value is compared with it.

(ask target: (name) @variable)
(set target: (name) @variable)
(clear target: (name) @variable)
(let name: (name) @variable)
(set value: (name) @variable)
(let value: (name) @variable)
(wait time: (name) @variable)
(if condition: (name) @variable)
(else_if condition: (name) @variable)
(arm condition: (name) @variable)
(given condition: (name) @variable)
(expect condition: (name) @variable)
(comparison left: (name) @variable)
(comparison low: (name) @variable)
(comparison high: (name) @variable)
(comparison right: (name) @constant)
(conjunction (name) @variable)
(disjunction (name) @variable)
(negation (name) @variable)
(sum (name) @variable)
(product (name) @variable)
(minus (name) @variable)
(parenthesis (name) @variable)
(arguments (name) @variable)
(hole (name) @variable)
(forms of: (name) @variable)
(choice value: (name) @constant)
(list (name) @constant)
(range (name) @constant)
(pair (name) @constant)
(declaration body: (settings (entry name: (name) (name) @constant)))
(say body: (settings (entry name: (name) (name) @constant)))
(ask body: (settings (entry name: (name) (name) @variable)))
(set body: (settings (entry name: (name) (name) @variable)))
(let body: (settings (entry name: (name) (name) @variable)))
(group body: (settings (entry name: (name) (name) @variable)))
(answer body: (settings (entry name: (name) (name) @variable)))
; list: setting words
((action body: (settings (entry name: (name) (name) @constant)))
  (#any-of? @constant "delete" "get" "high" "low" "medium" "patch" "post" "put" "urgent"))
((action body: (settings (entry name: (name) (name) @variable)))
  (#not-any-of? @variable "delete" "get" "high" "low" "medium" "patch" "post" "put" "urgent"))
; end

(path root: (name) @variable.builtin)
(path member: (name) @property)
(call function: (name) @function.call)
(subject ["team" "user" "inbox"] @keyword)
(subject name: (name) @type)
(forms ["plural" "select"] @keyword)
(form case: (name) @constant)

; Operators

(conjunction "and" @keyword.operator)
(disjunction "or" @keyword.operator)
(negation "not" @keyword.operator)
(comparison
  ["is" "not" "contains" "does" "contain" "starts" "ends" "with" "includes" "all" "matches" "any" "none" "of" "known"
   "unknown" "available" "open" "exactly" "before" "after" "between" "and" "in" "list"] @keyword.operator)
["<" "<=" ">" ">=" "+" "-" "*" "=" "->" ".."] @operator
(product "/" @operator)

; Brackets and other marks

(block ["{" "}"] @punctuation.bracket)
(settings ["{" "}"] @punctuation.bracket)
(anytime_block ["{" "}"] @punctuation.bracket)
(property_block ["{" "}"] @punctuation.bracket)
(test_block ["{" "}"] @punctuation.bracket)
["(" ")" "[" "]"] @punctuation.bracket
["," ":" "."] @punctuation.delimiter
