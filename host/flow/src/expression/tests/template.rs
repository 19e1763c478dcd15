use super::*;
use crate::expression::{Segment, StaticType, Template, TemplateProblem};

fn given(template: &str) -> Result<Value, String> {
    let template = Template::compile(&json(template), &names()).unwrap_or_else(|problems| panic!("{problems:?}"));
    template.evaluate(&data()).map_err(|error| error.to_string())
}

#[track_caller]
fn gives(template: &str, expected: &str) {
    assert_eq!(given(template), Ok(json(expected)), "{template}");
}

#[test]
fn a_string_that_is_one_expression_keeps_its_type() {
    gives(r#""${count}""#, "2");
    gives(r#""${ input.items }""#, "[1, 2, 3]");
    gives(r#""${{'a': count}}""#, r#"{"a": 2}"#);
}

#[test]
fn text_is_interpolated() {
    gives(r#""${count} left of ${input.a}""#, r#""2 left of 3""#);
    gives(r#"" ${count}""#, r#"" 2""#);
    gives(r#""${input.items} ${list} ${input.text}""#, r#""[1,2,3] null hello""#);
    gives(r#""${'}' + \"}\"}${1}""#, r#""}}1""#);
}

#[test]
fn a_dollar_stands_for_itself() {
    gives(r#""$5 $ $$ {} $${count} $""#, r#""$5 $ $$ {} ${count} $""#);
    gives(r#""$$${count}""#, r#""$${count}""#);
    gives(r#""$${""#, r#""${""#);
}

#[test]
fn what_was_interpolated_is_not_read_again() {
    gives(r#""${'$' + '{count}'}""#, r#""${count}""#);
    gives(r#""${'$' + '{count}'} ${count}""#, r#""${count} 2""#);
}

#[test]
fn lists_and_maps_are_templates_throughout() {
    gives(r#"{"a": ["${count}", 1, {"b": "n${count}"}], "c": null}"#, r#"{"a": [2, 1, {"b": "n2"}], "c": null}"#);
}

#[test]
fn what_has_no_expression_is_a_literal() {
    let compiled = |text: &str| Template::compile(&json(text), &names()).unwrap();
    assert_eq!(compiled(r#"{"a": [1, "$${x}"]}"#).as_literal(), Some(&json(r#"{"a": [1, "${x}"]}"#)));
    assert_eq!(compiled(r#"{"a": ["${count}"]}"#).as_literal(), None);
    assert_eq!(Template::literal(Value::from("${count}")).evaluate(&data()), Ok(Value::from("${count}")));
}

#[test]
fn problems_say_where() {
    let problems =
        Template::compile(&json(r#"{"a": [0, "é ${coutn} ${count +}"], "b": "x ${count"}"#), &names()).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|TemplateProblem { path, problem }| {
            format!("{path:?} {}..{} {}", problem.span.start, problem.span.end, problem.message)
        })
        .collect();
    let path = [Segment::Key("a".into()), Segment::Index(1)];
    assert_eq!(
        told,
        [
            format!("{path:?} 5..10 unknown name `coutn`"),
            format!("{path:?} 21..21 the expression ends where more is due"),
            format!("{:?} 2..9 nothing closes this `${{`", [Segment::Key("b".into())]),
        ]
    );
    let text = "é ${coutn} ${count +}";
    assert_eq!(&text[5..10], "coutn");
    assert_eq!(&text[21..], "}");
}

#[test]
fn a_text_is_bounded() {
    let template = Template::compile(&Value::from("${message}${message}"), &names()).unwrap();
    let message = Value::String("m".repeat(600 << 10).into());
    let error = template.evaluate(&Data { message: message.clone(), ..data() }).unwrap_err();
    assert_eq!(error.to_string(), "`message`: the text that it is put into has more than 1048576 bytes");
    let template = Template::compile(&Value::from("${message}"), &names()).unwrap();
    assert_eq!(template.evaluate(&Data { message: message.clone(), ..data() }), Ok(message));
}

#[test]
fn a_value_that_is_large_in_many_places_is_bounded() {
    let large = Data { message: Value::String("m".repeat(1_000_000).into()), ..data() };
    let refused = |item: &str, count: usize| {
        let items = Value::List(vec![Value::from(item); count].into());
        let template = Template::compile(&Value::map([("all", items)]), &names()).unwrap();
        template.evaluate(&large).err().map(|error| error.to_string())
    };
    let why = Some("`message`: what it is put into is larger than 33554432 bytes".to_owned());
    for item in ["${message}", "a ${message}"] {
        assert_eq!(refused(item, 33), None, "{item}");
        assert_eq!(refused(item, 34), why, "{item}");
    }
}

#[test]
fn a_template_has_a_type() {
    let types = super::infer::types();
    let template =
        Template::compile(&json(r#"{"a": "${count}", "b": "n ${count + 1.5}", "c": [1, "x"]}"#), &names()).unwrap();
    let (ty, problems) = template.check(&types);
    let crate::expression::Kind::Map(Some(fields)) = ty.kind else { panic!("it is a map") };
    let fields: Vec<_> = fields.values().map(StaticType::to_string).collect();
    assert_eq!(fields, ["int", "string", "list"]);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path, [Segment::Key("b".into())]);
    assert_eq!(problems[0].problem.span, 4..15);
}
