use super::*;
use crate::catalog::{Field, Type};
use crate::expression::{Kind, StaticType, Types};

/// `count` is an int that is always there, `list` a list of ints that may not be.
pub(super) fn types() -> Types {
    let text = StaticType::of(Kind::String);
    let ints = StaticType::of(Kind::List(Box::new(StaticType::of(Kind::Int))));
    Types {
        input: StaticType::record([
            ("a", StaticType::of(Kind::Int)),
            ("x", StaticType::of(Kind::Double)),
            ("text", text.clone()),
            ("items", ints.clone()),
            ("deep", StaticType::of(Kind::Map(None))),
            ("none", StaticType::of(Kind::Int).or_null()),
        ]),
        session: StaticType::record([("id", text.clone().or_null()), ("client", text.clone().or_null())]),
        run: StaticType::record([("id", text.clone()), ("flow", text), ("version", StaticType::of(Kind::Int))]),
        message: StaticType::ANY,
        error: StaticType::of(Kind::Map(None)).or_null(),
        nodes: vec![StaticType::of(Kind::Int), ints.or_null()],
    }
}

#[track_caller]
fn right(source: &str, ty: &str) {
    let (inferred, problems) = compiled(source).check(&types());
    assert_eq!(told(problems), [""; 0], "{source}");
    assert_eq!(inferred.to_string(), ty, "{source}");
}

#[track_caller]
fn wrong(source: &str, expected: &[&str]) {
    assert_eq!(told(compiled(source).check(&types()).1), expected, "{source}");
}

#[test]
fn types_of_expressions() {
    right("count", "int");
    right("count + input.a", "int");
    right("count + input.deep.n", "int");
    right("input.deep.n", "any");
    right("count > 0.5 && input.a != 1u", "bool");
    right("list", "list or null");
    right("list == null ? 0 : list[0]", "int");
    right("count > 0 ? count : null", "int or null");
    right("string(count) + input.text", "string");
    right("input.items.map(i, i * 2)", "list");
    right("input.items.map(i, {'n': i})[0].n", "int");
    right("[1, 'a'][0]", "any");
    right("size(input.text) % 2", "int");
    right("session.client == 'a' ? session.client : 'b'", "string");
}

#[test]
fn numbers_of_different_types() {
    wrong("count + input.x", &["0..15: `+` cannot take int and double (convert one, as in `double(count)`)"]);
    wrong("input.x * 2", &["0..11: `*` cannot take double and int (write `2.0`)"]);
    wrong("count - 1u", &["0..10: `-` cannot take int and uint (write `1`)"]);
    wrong("'n' + count", &["0..11: `+` cannot take string and int (convert one, as in `string(count)`)"]);
    wrong("input.x % 2.0", &["0..13: `%` cannot take double and double"]);
    wrong("input.text - 'a'", &["0..16: `-` cannot take string and string"]);
}

#[test]
fn operands_of_wrong_types() {
    wrong("count ? 1 : 2", &["0..5: `count` is int, where a bool is due"]);
    wrong("count && true", &["0..5: `count` is int, where a bool is due"]);
    wrong("input.text > 1", &["0..14: `>` cannot take string and int"]);
    wrong("count == '3'", &["0..12: int is never equal to string"]);
    wrong("'a' in input.items", &["0..18: string is never in a list of int"]);
    wrong("count.a", &["0..7: `count` is int, and has no `a`"]);
    wrong("input.zebra + 1", &["6..11: `input` has no `zebra`"]);
    wrong("input.txt", &["6..9: `input` has no `txt` (did you mean `text`?)"]);
    wrong("input.items['a']", &["0..16: list has no elements by string"]);
    wrong("size(count)", &["5..10: `size` cannot take int"]);
    wrong("count.contains('a')", &["0..5: `contains` takes string, and this is int"]);
    wrong("count.all(x, true)", &["0..5: int has no elements to go over"]);
    wrong("-input.text", &["0..11: `-` cannot take string"]);
    wrong("{count: 1}", &["1..6: `a map's key` takes string, and this is int"]);
}

#[test]
fn operands_that_may_be_null() {
    wrong(
        "list[0]",
        &[
            "0..4: `list` may be null here (its node may not have run by then: test it, as in `list == null ? ... : ...`)",
        ],
    );
    wrong(
        "size(list) > 0",
        &[
            "5..9: `list` may be null here (its node may not have run by then: test it, as in `list == null ? ... : ...`)",
        ],
    );
    wrong(
        "input.none + 1",
        &["0..10: `input.none` may be null here (it may be absent: test it, as in `input.none == null ? ... : ...`)"],
    );
    wrong(
        "session.client + '!'",
        &[
            "0..14: `session.client` may be null here (no client may have started the run: test it, as in `session.client == null ? ... : ...`)",
        ],
    );
    wrong("null + 1", &["0..4: `null` is null here"]);
}

#[test]
fn a_condition_rules_null_out() {
    for source in [
        "list != null && list[0] > 0",
        "list[0] > 0 && list != null",
        "list == null || list[0] > 0",
        "!(list == null) ? list[0] : 0",
        "list != null && count > 0 ? list[0] : 0",
        "list == null || count > 0 ? 0 : list[0]",
        "type(list) == list ? list[0] : 0",
        "type(list) != null_type ? list[0] : 0",
        "input.none == 3 ? input.none + 1 : 0",
        "nodes.list != null ? list[0] : 0",
        "[null, 1].map(x, x != null, x + 1) == []",
    ] {
        right(source, if source.contains('?') { "int" } else { "bool" });
    }
    assert_eq!(compiled("list != null ? 0 : list[0]").check(&types()).1.len(), 1);
    assert_eq!(compiled("list != null || list[0] > 0").check(&types()).1.len(), 1);
}

#[test]
fn types_of_schemas() {
    for (schema, ty) in [
        (r#"{"type": "integer", "minimum": 0}"#, "int"),
        (r#"{"type": "number"}"#, "any"),
        (r#"{"type": ["string", "null"]}"#, "string or null"),
        (r#"{"type": ["string", "integer"]}"#, "any"),
        (r#"{"type": "object"}"#, "map"),
        (r#"{"enum": [1, 2]}"#, "any"),
        ("true", "any"),
    ] {
        assert_eq!(StaticType::of_schema(&serde_json::from_str(schema).unwrap()).to_string(), ty, "{schema}");
    }
    let schema = r#"{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#;
    let ty = StaticType::of_schema(&serde_json::from_str(schema).unwrap());
    assert_eq!(ty, StaticType::of(Kind::List(Box::new(StaticType::ANY))));
}

#[test]
fn types_that_fit() {
    let record = Type::Record(vec![
        Field { name: "max-count".into(), ty: Type::U32 },
        Field { name: "note".into(), ty: Type::Option(Box::new(Type::String)) },
    ]);
    let option = |ty: Type| Type::Option(Box::new(ty));
    let fits = |source: &str, ty: &Type| compiled(source).check(&types()).0.fits(ty).err();
    for (source, ty) in [
        ("count", &Type::S64),
        ("count", &Type::F32),
        ("input.x", &Type::U8),
        ("list", &Type::Json),
        ("list", &option(Type::List(Box::new(Type::U64)))),
        ("null", &option(Type::S64)),
        ("input.deep.a", &Type::S64),
        ("'aGk='", &Type::Bytes),
        ("'red'", &Type::Enum(vec!["red".into()])),
        ("{'max_count': 1}", &record),
        ("[['a']]", &Type::List(Box::new(Type::List(Box::new(Type::String))))),
        ("[1]", &option(option(Type::S64))),
    ] {
        assert_eq!(fits(source, ty), None, "{source} as {ty}");
    }
    for (source, ty, why) in [
        ("list", &Type::List(Box::new(Type::U64)), "may be null, where list<u64> is due"),
        ("null", &Type::S64, "is null, where s64 is due"),
        ("'a'", &Type::Bool, "is string, where bool is due"),
        ("count", &Type::String, "is int, where string is due"),
        ("['a']", &Type::List(Box::new(Type::U8)), "has an element that is string, where u8 is due"),
        ("{'max_count': 'a'}", &record, "has a field `max_count` that is string, where u32 is due"),
        ("{'note': 'a'}", &record, "has no field `max_count`"),
        ("{'max_count': 1, 'b': 2}", &record, "has a field `b` that is not known"),
    ] {
        assert_eq!(fits(source, ty).as_deref(), Some(why), "{source} as {ty}");
    }
}

#[test]
fn types_of_components() {
    for ty in [
        Type::U64,
        Type::String,
        Type::F64,
        Type::Bytes,
        Type::List(Box::new(Type::Bool)),
        Type::Option(Box::new(Type::S8)),
    ] {
        assert_eq!(StaticType::of_wit(&ty).fits(&ty), Ok(()), "{ty}");
    }
    assert_eq!(StaticType::of_wit(&Type::Option(Box::new(Type::S8))).to_string(), "int or null");
}
