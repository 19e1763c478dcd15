//! Target: flow documents and files of cases, from their text to runs of the plan.

mod flow;
mod fold;
mod schema;

use arbitrary::{Result, Unstructured};
use sandgate_flow::cases;
use sandgate_flow::catalog::Catalog;
use sandgate_flow::check;
use sandgate_flow::diagnostic::{Color, Problem, line_column, render};
use sandgate_flow::parse::parse;
use sandgate_flow::plan::Plan;

use crate::chance::Chance;
use crate::invariant::{is_a_message, is_in, within_cpu_seconds};
use crate::{Verdict, input, text};

/// A document of 64 KiB, in a build without optimisation.
const CHECK_CPU_SECONDS_MAX: i64 = 20;

/// Reads the document, checks it, tells all that is wrong, and runs the plan; then takes it for a file of cases.
pub fn run(data: &[u8]) -> Verdict {
    let text = input::text(data, generated);
    let catalog = flow::catalog();
    let checked = within_cpu_seconds(CHECK_CPU_SECONDS_MAX, "a check", || checked(&text, catalog));
    if let Err(problems) = cases::parse(&text) {
        told(&text, &problems);
    }
    match (&checked, self::checked(&text, catalog)) {
        (Ok(plan), again) => {
            let again = again.map(|plan| format!("{plan:?}"));
            assert_eq!(Ok(format!("{plan:?}")), again, "another time it is another plan");
            fold::run(plan, data);
            Verdict::Accepted
        }
        (Err(problems), again) => {
            assert_eq!(Some(problems), again.err().as_ref(), "another time it is refused otherwise");
            told(&text, problems);
            Verdict::refused(&problems.iter().map(|problem| &problem.message).collect::<Vec<_>>())
        }
    }
}

/// The document.
pub fn show(data: &[u8]) -> Vec<u8> {
    input::text(data, generated).into_bytes()
}

fn checked(text: &str, catalog: &Catalog) -> std::result::Result<Plan, Vec<Problem>> {
    parse(text).and_then(|document| check(&document, catalog))
}

/// Everything that is done with problems.
fn told(text: &str, problems: &[Problem]) {
    assert!(!problems.is_empty(), "it is refused without a reason");
    let (lines, ends) = (text.matches('\n').count() + 1, text.len() + 1);
    for problem in problems {
        is_in(text, &problem.span);
        is_a_message(&problem.message);
        problem.help.iter().chain(&problem.label).for_each(is_a_message);
        if let Some(related) = &problem.related {
            is_in(text, &related.span);
            is_a_message(&related.label);
        }
        let (line, column) = line_column(text, problem.span.start);
        assert!((1..=lines).contains(&line) && (1..=ends).contains(&column), "{line}:{column} is not in the text");
        let report = serde_json::to_value(problem.report(text)).expect("a report can be written as JSON");
        assert_eq!(report["line"], line);
    }
    rendered(text, problems);
}

/// What is shown on a terminal leaves it as it is, whatever the document holds.
fn rendered(text: &str, problems: &[Problem]) {
    let plain = render("flow.yaml", text, problems, Color::Never);
    let odd = plain.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(odd, None, "what is shown has control characters: {plain:?}");
    assert!(!render("flow.yaml", text, problems, Color::Always).is_empty());
}

fn generated(u: &mut Unstructured<'_>) -> Result<String> {
    let text = match u.int_in_range(0..=4)? {
        0 => (*u.choose(&EXAMPLES)?).to_owned(),
        1 => flow::example(u)?,
        _ => flow::document(u)?,
    };
    if u.ratio(1, 3)? { text::edited(text, u, 4) } else { Ok(text) }
}

/// The repository's own flows and cases.
const EXAMPLES: [&str; 8] = [
    include_str!("../../../flows/broadcast.yaml"),
    include_str!("../../../flows/countdown.yaml"),
    include_str!("../../../flows/echo.yaml"),
    include_str!("../../../flows/greeting.yaml"),
    include_str!("../../../flows/broadcast.cases.yaml"),
    include_str!("../../../flows/countdown.cases.yaml"),
    include_str!("../../../flows/echo.cases.yaml"),
    include_str!("../../../flows/greeting.cases.yaml"),
];

/// What runs decide by: the same for the same document.
fn chance_of(data: &[u8]) -> Vec<u8> {
    let seed = data.iter().fold(0u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    Chance::new(seed).bytes(1_024)
}
