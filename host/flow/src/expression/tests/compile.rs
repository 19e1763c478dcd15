use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::expression::bounds::SOURCE_BYTES_MAX;

#[track_caller]
fn wrong(source: &str, expected: &[&str]) {
    let problems = Expression::compile(source, &names()).expect_err(source);
    assert_eq!(told(problems), expected, "{source}");
}

#[test]
fn unknown_names_and_functions() {
    wrong("coutn > 0", &["0..5: unknown name `coutn` (did you mean `count`?)"]);
    wrong(
        "'é' + inptu.a + foo",
        &["7..12: unknown name `inptu` (did you mean `input`?)", "17..20: unknown name `foo`"],
    );
    wrong("nodes.counter", &["6..13: there is no node `counter` (did you mean `count`?)"]);
    wrong("nodes", &["0..5: unknown name `nodes` (write `nodes.<id>`)"]);
    wrong("int", &["0..3: unknown name `int` (a type can only be compared, as in `type(input) == int`)"]);
    wrong("sice(count)", &["0..4: unknown function `sice` (did you mean `size`?)"]);
    wrong("input.text.startswith('a')", &["11..21: unknown function `startswith` (did you mean `startsWith`?)"]);
    wrong("now()", &["0..3: unknown function `now`"]);
    wrong("contains('a', 'b')", &["0..8: `contains` is not called so (write `text.contains('...')`)"]);
    wrong("size(1, 2)", &["0..4: `size` takes one value and not 2 (write `size(value)`)"]);
    wrong(
        "type(count)",
        &["0..4: unknown function `type` (compare it with a type's name, as in `type(input) == string`)"],
    );
    wrong("has(count)", &["0..10: `has` takes a field, as in `has(input.a)`"]);
    wrong(
        "list.map(1, 2)",
        &[
            "5..8: `map` takes a name for the element and what to do with it (write it as in `items.map(item, item + 1)`)",
        ],
    );
    wrong("list.all(item, itme)", &["15..19: unknown name `itme` (did you mean `item`?)"]);
    wrong("[1].all(item, true) && item", &["23..27: unknown name `item`"]);
    wrong("input.text.matches('a(')", &["19..23: not a regular expression: unclosed group"]);
    wrong("{1: 2}", &["1..2: the keys of a map are strings here, and this is int"]);
    wrong("Foo{a: 1}", &["3..4: there are no messages of type `Foo`"]);
}

#[test]
fn a_message_is_there_with_raw_framing_only() {
    let problems = Expression::compile("message", &Names::new(["count"], Message::Absent)).unwrap_err();
    assert_eq!(told(problems), ["0..7: unknown name `message` (a message is there only with `framing: raw`)"]);
}

#[test]
fn what_cannot_be_read() {
    wrong("", &["0..0: the expression is empty"]);
    wrong("  ", &["0..2: the expression is empty"]);
    wrong("count +", &["7..7: the expression ends where more is due"]);
    wrong("(count", &["6..6: `)` is missing here"]);
    wrong("count count", &["6..11: `count` is not expected here"]);
    wrong("count and list", &["6..9: `and` is not expected here (did you mean `&&`?)"]);
    wrong("'é' == 'e' and list", &["12..15: `and` is not expected here (did you mean `&&`?)"]);
    wrong("count = 1", &["6..7: `=` is not expected here (did you mean `==`?)"]);
    wrong("count & list", &["6..7: `&` is not expected here (did you mean `&&`?)"]);
    wrong("count +\n (list +", &["16..16: the expression ends where more is due"]);
    wrong(
        "'abc",
        &["0..4: a string that is not closed, or with an escape that is not known (a backslash itself is `\\\\`)"],
    );
    wrong("for", &["0..3: `for` is a reserved word of CEL"]);
    wrong("input.?a", &["5..6: optional and quoted fields are not available (test first, as in `has(a.b) ? a.b : 0`)"]);
    wrong("99999999999999999999", &["0..20: the number does not fit into 64 bits"]);
    wrong(&"(".repeat(200), &["96..200: the expression is nested too deep"]);
}

#[test]
fn hostile_sources_are_refused_or_compiled_quickly() {
    let chain = |link: &str, last: &str| {
        let times = (SOURCE_BYTES_MAX - last.len()) / link.len();
        link.repeat(times) + last
    };
    for source in [
        chain("[", ""),
        chain("(", ""),
        chain("{", ""),
        chain("\"", ""),
        chain("'''", ""),
        chain("!", "true"),
        chain("-", "1"),
        chain("input.", "a"),
        chain("1+", "1"),
        chain("1<", "1"),
        chain("true&&", "true"),
        chain("true?1:", "1"),
        chain("true?", ""),
        chain("true?(", ""),
        chain("list[", ""),
        chain("size(", ""),
        chain("!(", ""),
        chain("[1].all(a,", ""),
        chain("list.map(a,a)", ""),
        chain("list.map(a,a).", "size()"),
        chain("{'a':", ""),
        chain(")", ""),
        chain("\\", ""),
        chain("\u{1F600}", ""),
    ] {
        let begin = Instant::now();
        if let Ok(expression) = Expression::compile(&source, &names()) {
            let _ = expression.evaluate(&data());
        }
        assert!(begin.elapsed().as_millis() < 2_000, "{source}: {:?}", begin.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn compiling_and_evaluating_never_panics(source in tokens()) {
        match Expression::compile(&source, &names()) {
            Ok(expression) => drop(expression.evaluate(&data()).map_err(|error| error.to_string())),
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(source.get(problem.span.clone()).is_some(), "{source:?}: {problem:?}");
                }
            }
        }
    }
}

/// Sources that look like expressions, more or less.
fn tokens() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        8 => proptest::sample::select(vec![
            "input", ".a", "count", "list", "nodes", ".", "(", ")", "[", "]", "{", "}", "'", "'é'", "\"x\"", "r'\\'", "1", "2u", "1.5", "0x1F",
            "+", "-", "*", "/", "%", "!", "&&", "||", "==", "!=", "<", "<=", "?", ":", ",", " in ", ".map(x, ", ".all(x, ", "x", "has(", "size(",
            "type(", "int", "null", "true", "b'\\x00'", "\n", "//", "`", "\\", "日", "$", "@", "#", "matches(", "'a('",
        ]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    proptest::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}
