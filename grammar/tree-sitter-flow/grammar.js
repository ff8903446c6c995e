/**
 * The grammar of .flow files for editors: what colours, folds and moves through a flow. It follows ../flow.ebnf and takes
 * a little more than the compiler does, since nothing is refused here.
 *
 * A word is a keyword only where one can stand; everywhere else it is a name. tree-sitter does the same by itself, as long as
 * no state takes both. Where one does, `_any_name` says which keywords are names there too.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const PRECEDENCE = { or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, sign: 7, call: 8 };

const number = /[0-9][0-9_]*(\.[0-9][0-9_]*)?/;

/** One or more, with commas between, and one behind if wanted. */
const listed = (rule) => seq(rule, repeat(seq(",", rule)), optional(","));

/** The lines of a block: each ends with its line, the last one also with the block. */
const lines = ($, line) =>
  seq("{", optional(seq(line, repeat(seq($._newline, line)), optional($._newline))), choice("}", $._unclosed));

module.exports = grammar({
  name: "flow",

  word: ($) => $.name,

  // Where lines end, see src/scanner.c. Within brackets, behind an operator, an arrow or a comma no rule takes a newline, so that
  // it is a blank there.
  externals: ($) => [$._newline, $._line_end, $._unclosed, $._error_sentinel],

  extras: ($) => [/[\s\uFEFF\u00A0\u2060\u200B]/, $.comment, $.doc_comment],

  supertypes: ($) => [$.item, $.statement, $.test_line, $.line, $.expression, $.literal],

  conflicts: ($) => [
    // `expect contact.email is known` or `expect hand off to team sales`: the end of the line tells.
    [$._any_name, $._words],
  ],

  rules: {
    source_file: ($) => seq(repeat(seq($.item, $._newline)), optional($.item)),

    item: ($) =>
      choice(
        $.header,
        $.tests_for,
        $.step,
        $.test,
        $.anytime,
        $.outdated,
        $.properties,
        $.function,
        $.declaration,
      ),

    header: ($) =>
      seq(
        field("kind", choice("flow", "workspace", "module")),
        field("name", $.name),
        optional($.was),
        optional(field("title", $.text)),
      ),

    tests_for: ($) => seq("tests", "for", field("name", $.name)),

    was: ($) => seq("was", $.name, repeat(seq(",", $.name))),

    step: ($) => seq("step", field("name", $.name), optional($.was), field("body", $.block)),

    test: ($) => seq("test", field("name", $.text), field("body", $.test_block)),

    anytime: ($) => seq("anytime", field("body", $.anytime_block)),
    anytime_block: ($) => lines($, $.arm),
    arm: ($) => seq(field("condition", $.expression), field("target", $.go)),

    outdated: ($) => seq("outdated", "->", field("step", $.step_name)),

    properties: ($) => seq(field("of", choice("contact", "company")), field("body", $.property_block)),
    property_block: ($) => lines($, $.property),
    property: ($) => seq(field("name", $.name), field("type", $._type), optional(field("label", $.text))),

    function: ($) =>
      seq("function", field("name", $.name), field("parameters", $.parameters), ":", field("type", $._type)),
    parameters: ($) => seq("(", optional(listed($.parameter)), ")"),
    parameter: ($) => seq(field("name", $.name), ":", field("type", $._type)),

    // Header lines, blocks of settings, and what a workspace declares: the first word says which.
    declaration: ($) =>
      prec.right(
        seq(
          field("kind", $.name),
          optional(seq($._value, repeat(seq(optional(","), $._value)))),
          optional(field("body", $.settings)),
        ),
      ),

    // Steps.

    block: ($) => lines($, $.statement),

    statement: ($) => choice($.if, $._simple),
    _simple: ($) =>
      choice($.say, $.ask, $.set, $.let, $.clear, $.wait, $.do, $.go, $.end, $.action),

    say: ($) => seq("say", field("text", choice($.text, $.list)), optional(field("body", $.settings))),

    ask: ($) =>
      seq(
        "ask",
        optional(seq(field("target", $._target), optional(seq(":", field("type", $._type))))),
        field("text", $.text),
        optional(field("body", $.settings)),
      ),

    set: ($) =>
      seq("set", field("target", $._target), "=", field("value", $.expression), optional(field("body", $.settings))),

    let: ($) =>
      seq(
        "let",
        field("name", $.name),
        optional(seq(":", field("type", $._type))),
        "=",
        field("value", $.expression),
        optional(field("body", $.settings)),
      ),

    _target: ($) => choice($.name, alias($._target_path, $.path)),
    _target_path: ($) => seq(field("root", $.name), choice(seq($._members, optional($.index)), $.index)),

    clear: ($) => seq("clear", field("target", $._target)),

    wait: ($) => seq("wait", field("time", $.expression)),

    do: ($) => seq("do", field("step", $.step_name)),

    go: ($) => seq("->", choice(field("step", $.step_name), field("body", $.block))),

    step_name: ($) => seq(optional(seq(field("module", $.name), ".")), field("name", $.name)),

    end: (_) => "end",

    if: ($) =>
      seq(
        "if",
        field("condition", $.expression),
        "then",
        field("then", $._branch),
        repeat($.else_if),
        optional($.else),
      ),
    else_if: ($) => seq("else", "if", field("condition", $.expression), "then", field("then", $._branch)),
    else: ($) => seq("else", field("then", $._branch)),
    _branch: ($) => choice($.block, $._simple),

    // No action is known by name: it is a row of words, a text if wanted, and its settings and outcomes.
    action: ($) =>
      prec.right(
        seq($._words, optional(field("text", $.text)), optional(field("body", $.settings))),
      ),
    _words: ($) => prec.right(seq(field("word", $.name), repeat(choice(field("word", $.name), ".")))),

    // Blocks of settings, choices and outcomes.

    settings: ($) => lines($, $.line),

    line: ($) => choice($.choice, $.pair, $.save, $.group, $.entry),

    choice: ($) =>
      seq(field("label", $.text), optional(seq("=", field("value", $.expression))), optional(field("target", $.go))),

    pair: ($) => seq(field("key", $.text), repeat1($._value)),

    save: ($) => seq("save", field("path", $.text), "as", field("name", $.name), ":", field("type", $._type)),

    group: ($) => seq(field("name", $.name), field("body", $.settings)),

    entry: ($) =>
      seq(field("name", $.name), optional("when"), repeat($._value), optional(field("target", $.go))),

    // Types.

    _type: ($) => choice(alias($.name, $.type), $.options),
    options: ($) => seq(choice("one", "many"), "of", "[", optional(listed($.option)), "]"),
    option: ($) =>
      seq(field("name", $.name), optional(field("label", $.text)), optional(seq("=", field("value", $.text)))),

    // Tests.

    test_block: ($) => lines($, $.test_line),

    test_line: ($) =>
      choice(
        $.given,
        $.answer,
        $.visit,
        $.agree,
        $.bot,
        $.visitor,
        $.expect,
        $.shown,
        $.wait,
        $.fail,
        $.choose,
        $.completed,
      ),

    given: ($) => seq("given", field("condition", $.expression)),
    answer: ($) =>
      seq("given", "call", "webhook", optional(field("url", $.text)), "answers", field("body", $.settings)),
    visit: ($) => seq("visit", field("url", $.text)),
    agree: ($) => seq("agree", optional(field("to", $.name))),
    bot: ($) => seq("bot", field("text", $.text), optional(field("replies", $.list))),
    visitor: ($) => seq("visitor", field("text", $.text)),
    expect: ($) =>
      seq(
        "expect",
        choice(
          prec.dynamic(1, field("condition", $.expression)),
          seq(optional("not"), field("action", $.statement)),
        ),
      ),
    shown: ($) => seq(optional("not"), "shown"),
    fail: ($) => seq("fail", $._words),
    choose: ($) => seq("choose", field("outcome", $.name)),
    completed: (_) => "completed",

    // Values and conditions.

    _value: ($) => choice($.expression, $.range),
    range: ($) => seq(field("from", $.expression), "..", field("to", $.expression)),

    expression: ($) =>
      choice(
        $.disjunction,
        $.conjunction,
        $.negation,
        $.comparison,
        $.sum,
        $.product,
        $.minus,
        $._operand,
      ),

    disjunction: ($) => prec.left(PRECEDENCE.or, seq($.expression, "or", $.expression)),
    conjunction: ($) => prec.left(PRECEDENCE.and, seq($.expression, "and", $.expression)),
    negation: ($) => prec(PRECEDENCE.not, seq("not", $.expression)),

    comparison: ($) => prec.left(PRECEDENCE.compare, seq(field("left", $.expression), $._tail)),
    _tail: ($) =>
      prec.left(
        PRECEDENCE.compare,
        choice(
          seq("is", optional("not"), $._after_is),
          seq(
            choice("contains", seq("does", "not", "contain"), seq(choice("starts", "ends"), "with"), "includes"),
            field("right", $.expression),
          ),
          seq("includes", "all", field("right", $.list)),
          seq("matches", field("right", choice($.wildcard, $.regex))),
          seq(choice("<", "<=", ">", ">="), field("right", $.expression)),
        ),
      ),
    _after_is: ($) =>
      prec.left(
        PRECEDENCE.compare,
        choice(
          field("right", $.expression),
          seq(choice("any", "none"), "of", field("right", $.expression)),
          choice("known", "unknown", "available", "open"),
          seq(choice("exactly", "before", "after"), field("right", $.expression)),
          seq("between", field("low", $.expression), "and", field("high", $.expression)),
          seq("in", "list", field("right", $.name)),
        ),
      ),

    sum: ($) => prec.left(PRECEDENCE.add, seq($.expression, choice("+", "-"), $.expression)),
    product: ($) => prec.left(PRECEDENCE.multiply, seq($.expression, choice("*", "/"), $.expression)),
    minus: ($) => prec(PRECEDENCE.sign, seq("-", $.expression)),

    _operand: ($) =>
      choice($.subject, $.truth, $._any_name, $.path, $.call, $.text, $.literal, $.list, $.parenthesis),

    parenthesis: ($) => seq("(", $.expression, ")"),

    // `team sales` is that team; `team is …` is a value of that name.
    subject: ($) => seq(field("kind", choice("team", "user", "inbox")), field("name", $.name)),

    truth: (_) => choice("true", "false"),

    path: ($) =>
      prec(PRECEDENCE.call, seq(field("root", $._any_name), choice(seq($._members, optional($.index)), $.index))),
    _members: ($) => repeat1(seq(".", field("member", $.name))),
    index: ($) => seq(token.immediate("["), $.text, "]"),

    call: ($) =>
      prec(PRECEDENCE.call, seq(field("function", choice($._any_name, $.path)), field("arguments", $.arguments))),
    arguments: ($) => seq("(", optional(listed($.expression)), ")"),

    // A word where a value can stand. These are keywords there, but names unless what belongs to them follows.
    _any_name: ($) =>
      choice(
        $.name,
        ...["team", "user", "inbox", "any", "none", "all", "plural", "select"].map((word) =>
          prec(-1, alias(word, $.name)),
        ),
      ),

    list: ($) => seq("[", optional(listed($.expression)), "]"),

    literal: ($) => choice($.number, $.duration, $.percent, $.colour, $.date, $.datetime, $.time),
    number: (_) => token(number),
    duration: (_) => token(seq(number, choice("ms", "s", "m", "h", "d"))),
    percent: (_) => token(seq(number, "%")),
    colour: (_) => /#[0-9a-fA-F]+/,
    date: (_) => /[0-9]{4}-[0-9]{2}-[0-9]{2}/,
    datetime: (_) => /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}/,
    time: (_) => /[0-9]{2}:[0-9]{2}/,

    // Texts.

    text: ($) =>
      choice(
        seq('"', repeat(choice($.words, $.escape, $.hole)), choice(token.immediate('"'), $._line_end)),
        seq('"""', repeat(choice(alias($._block_words, $.words), $.escape, $.hole)), token.immediate(prec(2, '"""'))),
      ),
    words: (_) => token.immediate(prec(1, /[^"\\{\r\n]+/)),
    // One or two quotes are words as well.
    _block_words: (_) => token.immediate(prec(1, /[^"\\{]+|"|""/)),
    escape: (_) => token.immediate(/\\(["\\nt{}]|u\{[0-9a-fA-F]{1,6}\})/),
    hole: ($) => seq(token.immediate("{"), choice($.expression, $.forms), choice("}", $._line_end)),

    forms: ($) =>
      seq(field("by", choice("plural", "select")), field("of", $.expression), ":", listed($.form)),
    form: ($) => seq(field("case", choice($.name, seq("=", $.number))), field("text", $.text)),

    // What stands behind `matches`: no holes, and backslashes of its own.
    wildcard: (_) => seq('"', optional(token.immediate(prec(1, /([^"\\\r\n]|\\["\\]|\\)+/))), token.immediate('"')),
    regex: ($) => seq("/", $.pattern, token.immediate("/")),
    pattern: (_) => token.immediate(prec(1, /([^\/\\\r\n]|\\[^\r\n])+/)),

    name: (_) => /[_\p{XID_Start}][\p{XID_Continue}]*/,

    // `////` is a ruler, no documentation.
    comment: (_) => token(choice(/\/\/([^\/\r\n][^\r\n]*)?/, /\/\/\/\/[^\r\n]*/)),
    doc_comment: (_) => token(/\/\/\/([^\/\r\n][^\r\n]*)?/),
  },
});
