//! Documents that mean harm: they are refused or read, in a bounded time and stack, and never panic. Any others are `fuzz/`'s.

mod catalog;

use std::time::Instant;

use sandgate_flow::check;
use sandgate_flow::diagnostic::{Color, Problem, line_column, render};
use sandgate_flow::parse::parse;

/// What is wrong with a text, after everything that is done with problems was done with them.
fn told(text: &str) -> Vec<Problem> {
    let problems = match parse(text) {
        Ok(document) => check(&document, &catalog::catalog()).err().unwrap_or_default(),
        Err(problems) => problems,
    };
    let _ = render("flow.yaml", text, &problems, Color::Always);
    for problem in &problems {
        assert!(line_column(text, problem.span.start) >= (1, 1));
        assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
    }
    problems
}

fn flow(nodes: &str) -> String {
    format!("format: 1\nflow: test\ninterface: {{ protocol: websocket }}\nstart: n0\nnodes:\n{nodes}")
}

#[test]
fn depth_of_every_kind_is_refused() {
    for open in ["[", "{a: ", "- ", "a:\n", "? ", "&a [", "!a ["] {
        let text = open.repeat(100_000);
        assert!(!told(&text).is_empty(), "{open:?}");
    }
    let block: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(!told(&block).is_empty());
}

#[test]
fn size_is_refused() {
    let text = format!("# {}", "x".repeat(2 * 1024 * 1024));
    assert!(told(&text)[0].message.contains("too large"));
    let many: String = (0..60_000).map(|index| format!("k{index}: 1\n")).collect();
    assert!(told(&many)[0].message.contains("more than 50000 values"));
    let nodes: String = (0..2000).map(|index| format!("  n{index}: {{ call: various.try_it }}\n")).collect();
    assert!(told(&flow(&nodes))[0].message.contains("2000 nodes"));
}

#[test]
fn the_largest_flow_is_checked() {
    let node = |index: u32| {
        let expression = if index == 0 { "1".to_owned() } else { format!("${{n0 == null ? 0 : n{}}}", index - 1) };
        format!("  n{index}: {{ call: counter.next, with: {{ count: \"{expression}\" }}, next: n{} }}\n", index + 1)
    };
    let nodes: String = (0..999).map(node).collect();
    assert_eq!(told(&flow(&(nodes + "  n999: { call: various.try_it }\n"))), []);
}

#[test]
fn a_name_as_large_as_the_document_is_not_compared() {
    let name = "n".repeat(150_000);
    assert!(!told(&flow(&format!("  n0: {{ call: {name}.{name}, next: {name} }}\n"))).is_empty());
}

#[test]
fn thousands_of_problems_are_told_to_a_bound() {
    let nodes: String = (0..999).map(|index| format!("  n{index}: {{ a: 1, b: 2, c: 3 }}\n")).collect();
    let problems = told(&flow(&nodes));
    assert_eq!(problems.len(), 500);
    assert!(render("", "", &problems, Color::Never).ends_with("and 450 more\n"));
}

#[test]
fn what_is_dear_to_tell_is_told_to_a_bound() {
    let name = |index: usize| format!("n{index:0>38}");
    let wrong = name(9_999_999).replace('0', "z");
    let unknown = vec![wrong.as_str(); 15].join("+");
    let nodes: String = (1..700).map(|index| format!("  {}: {{ call: various.try_it }}\n", name(index))).collect();
    let gateway =
        |branch: String, count| format!("  n0:\n    gateway: exclusive\n    branches:\n{}", branch.repeat(count));
    let dangling = gateway(format!("      - {{ if: true == true, next: {wrong} }}\n"), 8_000);
    let unknown = gateway(format!("      - {{ if: {unknown}, next: n0 }}\n"), 1_000);
    let repeated = format!("#{}\n{}", "x".repeat(900_000), "a:\n".repeat(24_000));
    for text in [flow(&(dangling + &nodes)), flow(&(nodes + &unknown)), repeated] {
        let begin = Instant::now();
        assert_eq!(told(&text).len(), 500);
        // Not a bound, but a sign that one is missing: without it these take minutes.
        assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    }
}
