use super::*;

fn check(text: &str, expected: &str) {
    let formatted = format_text(text);
    assert_eq!(formatted, expected, "\n{formatted}");
    assert_eq!(format_text(&formatted), expected);
}

/// Statements in a step, before and after, without the step and its indent.
fn in_step(lines: &str, expected: &str) {
    let indented = |lines: &str| {
        let lines = lines.lines();
        lines
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
            .collect::<String>()
    };
    check(&format!("step a {{\n{lines}\n}}\n"), &format!("step a {{\n{}}}\n", indented(expected)));
}

#[test]
fn blanks_and_empty_lines() {
    check("\n\nflow   f \"F\"\n\n\n\nuse  acme  \n\n", "flow f \"F\"\n\nuse acme\n");
    check("", "");
    check("\n  \n", "");
    check("step a{\n\nend\n\n}", "step a {\n  end\n}\n");
    check("step a {\n}\n", "step a {}\n");
    check("step a { }", "step a {}\n");
    in_step("let x=-( a+ - -b )*f ( 1,2 )", "let x = -(a + - -b) * f(1, 2)");
    in_step(
        "if page . query [ \"x\" ] is any of [ \"a\" ,\"b\" ] then->b",
        "if page.query[\"x\"] is any of [\"a\", \"b\"] then -> b",
    );
    check("channel website , slack", "channel website, slack\n");
    check("function f ( a :number ) :text", "function f(a: number): text\n");
}

#[test]
fn blocks_stay_on_one_line_or_on_several() {
    in_step("ask \"a\" { \"b\"->{end} }", "ask \"a\" { \"b\" -> { end } }");
    in_step("ask \"a\" { \"b\" -> { end\n} }", "ask \"a\" {\n  \"b\" -> {\n    end\n  }\n}");
    in_step("if a is b then { end\n} else { end }", "if a is b then {\n  end\n}\nelse { end }");
    in_step("if a is b then { end } else -> c", "if a is b then { end } else -> c");
}

#[test]
fn brackets_are_broken_where_they_were() {
    in_step("say [\n\"a\", // one\n\n\n// two\n\"b\"\n]", "say [\n  \"a\", // one\n\n  // two\n  \"b\"\n]");
    in_step("if a is b\nand c is d then\n-> e\nelse -> f", "if a is b\n  and c is d then\n  -> e\nelse -> f");
}

#[test]
fn comments_stay_where_they_are() {
    check("// a\n\n\n/// b\nflow f \"F\" //c\n//d", "// a\n\n/// b\nflow f \"F\" //c\n//d\n");
    in_step("// a\nend     // b\n\n// c", "// a\nend   // b\n\n// c");
    in_step("ask \"a\" { // b\n// c\n}", "ask \"a\" { // b\n  // c\n}");
    in_step("-> // why\nb", "-> // why\n  b");
}

#[test]
fn lines_of_questions_and_actions_have_an_order_and_take_their_comments_along() {
    in_step(
        "ask \"a\" {\notherwise->c\n// of b\n\"b\"->c // b\n\nattempts 3->d // three\nskip when x is known\n}",
        "ask \"a\" {\n  attempts 3 -> d // three\n  skip when x is known\n  // of b\n  \"b\" -> c // b\n  otherwise -> c\n}",
    );
    // What cannot be read may be a choice.
    check(
        "step a {\nask \"a\" {\notherwise->c\n\"b\" = = 5\n}\n}",
        "step a {\n  ask \"a\" {\n    otherwise -> c\n\"b\" = = 5\n  }\n}\n",
    );
}

#[test]
fn choices_and_outcomes_have_columns() {
    in_step(
        "ask \"a\" {\n\"b\"=1->x\n\"ccc\"->y\n\"d\"\n}",
        "ask \"a\" {\n  \"b\"   = 1 -> x\n  \"ccc\" -> y\n  \"d\"\n}",
    );
    in_step(
        "book meeting m {\nbooked->a\ndeclined->{\nend\n}\n}",
        "book meeting m {\n  booked   -> a\n  declined -> {\n    end\n  }\n}",
    );
    in_step(
        "book meeting m {\ntimeout  20m -> a\nbooked   -> a\ndeclined -> a\n}",
        "book meeting m {\n  timeout  20m -> a\n  booked   -> a\n  declined -> a\n}",
    );
    // Wide characters take two columns.
    in_step("ask \"a\" {\n\"はい\"->x\n\"abc\"->y\n}", "ask \"a\" {\n  \"はい\" -> x\n  \"abc\"  -> y\n}");
}

#[test]
fn columns_of_the_author_are_made_straight() {
    check("inbox     a\nlanguages en\npriority   20\n", "inbox     a\nlanguages en\npriority  20\n");
    check("inbox a\nlanguages en\n", "inbox a\nlanguages en\n");
    check("inbox     a\n\nlanguages en\n", "inbox a\n\nlanguages en\n");
    check(
        "list a    \"A\"\nlist  far_too_long \"B\"\nlist  b    \"C\"\n",
        "list  a    \"A\"\nlist  far_too_long \"B\"\nlist  b    \"C\"\n",
    );
    check(
        "test \"t\" {\nbot     \"a\"\nvisitor \"b\"\nbot \"c\"\nexpect x is y\nexpect   x is z\n}",
        "test \"t\" {\n  bot     \"a\"\n  visitor \"b\"\n  bot     \"c\"\n  expect x is y\n  expect  x is z\n}\n",
    );
}

#[test]
fn comments_keep_their_column() {
    in_step("end     // a", "end   // a");
    in_step("say   \"a\"   // a\nsay \"abcdefgh\" // b", "say \"a\"   // a\nsay \"abcdefgh\" // b");
}

#[test]
fn texts_over_lines_move_with_their_statement() {
    check(
        "step a {\nsay \"\"\"\n  b\n    c\n\n  \"\"\"\n}",
        "step a {\n  say \"\"\"\n    b\n      c\n\n    \"\"\"\n}\n",
    );
    check("step a {\n\tsay \"\"\"\n\t  b\n\t\"\"\"\n}", "step a {\n  say \"\"\"\n\t  b\n\t\"\"\"\n}\n");
}

#[test]
fn what_cannot_be_read_stays() {
    check(
        "step a {\nsay   \"a\"\n   say   5   5 // x\nsay   \"b\"\n}",
        "step a {\n  say \"a\"\n   say   5   5 // x\n  say \"b\"\n}\n",
    );
    check("\u{3000}step  a {\n\u{3000}say   \"a\"\n}\n", "\u{3000}step  a {\n\u{3000}say   \"a\"\n}\n");
    check("step  a {\n\u{3000}say   \"a\"\n}\n", "step a {\n\u{3000}say   \"a\"\n}\n");
    check("flow   f \"F\"\nstep a {\nsay   \"a\"\n", "flow f \"F\"\nstep a {\nsay   \"a\"\n");
    check("step a {\n}  }\nflow   f", "step a {\n}  }\nflow f\n");
    check("}\n\n\n", "}\n");
    check("step  {a.\"\n}b {\n}c {\n}\n", "step  {a.\"\n}b {\n}c {\n}\n");
}

#[test]
fn line_ends_are_those_of_the_first_line() {
    check("flow   f \"F\"\r\nuse  a\n", "flow f \"F\"\r\nuse a\r\n");
    check("flow   f \"F\"\nuse  a\r\n", "flow f \"F\"\nuse a\n");
}

#[test]
fn a_range_touches_whole_items() {
    let text = "flow   f \"F\"\n// of a\nstep a{\nend\n}\nstep b{end}\n";
    let file = File::read(FileId(0), Source::new("f.flow", text));
    let at = text.find("end").map(|at| at as u32).unwrap_or(0);
    let edits = format_range(&file, at..at);
    let found: Vec<(&str, &str)> =
        edits.iter().map(|edit| (file.text(edit.span), edit.text.as_str())).collect();
    assert_eq!(found, [("// of a\nstep a{\nend\n}\n", "// of a\nstep a {\n  end\n}\n")]);
}
