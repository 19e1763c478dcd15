use std::sync::Arc;

use super::*;

fn is(source: &str, expected: Value) {
    assert_eq!(evaluated(source), Ok(expected), "{source}");
}

fn fails(source: &str, expected: &str) {
    assert_eq!(evaluated(source), Err(expected.to_owned()), "{source}");
}

#[test]
fn names_of_the_run() {
    is("input.a", Value::Int(3));
    is("count", Value::Int(2));
    is("nodes.count + 1", Value::Int(3));
    is("list", Value::Null);
    is("run.version", Value::Int(1));
    is("session.client == null", Value::Bool(true));
    is("size(message)", Value::Int(2));
    is("input.deep.er.value", Value::from("z"));
    is("input['a'] + input.items[0]", Value::Int(4));
    is("has(input.a) && !has(input.b)", Value::Bool(true));
}

#[test]
fn operators_and_functions() {
    is("count > 0 ? 'yes' : 'no'", Value::from("yes"));
    is("-count - -1", Value::Int(-1));
    is("7 % 4 == 3 && 7 / 2 == 3", Value::Bool(true));
    is("1 < 1.5 && 1u == 1", Value::Bool(true));
    is("9007199254740993 == 9007199254740992.0", Value::Bool(false));
    is("double(count) * input.x", Value::Double(3.0));
    is("input.text.startsWith('he') && input.text.endsWith('lo') && input.text.contains('ell')", Value::Bool(true));
    is("input.text.matches('^h.*o$') && matches(input.text, 'l' + '+')", Value::Bool(true));
    is("string(count) + '!'", Value::from("2!"));
    is("int('12') + int(3.9) + int(2u)", Value::Int(17));
    is("bool('true') && string(b'ab') == 'ab' && bytes('ab') == b'ab'", Value::Bool(true));
    is("size('日本') == 2 && size(bytes('日本')) == 6", Value::Bool(true));
    is("[1] + [2, 3] == input.items", Value::Bool(true));
    is("{'a': {'b': 1}}.a.b", Value::Int(1));
    is("'a' in {'a': 1} && 2 in input.items && !(9 in input.items)", Value::Bool(true));
    is("type(message) == bytes && type(input.text) != bytes && null_type == type(null)", Value::Bool(true));
    is("dyn(count)", Value::Int(2));
}

#[test]
fn comprehensions() {
    let list = |items: &[i64]| Value::List(items.iter().map(|item| Value::Int(*item)).collect());
    is("input.items.map(item, item * 2)", list(&[2, 4, 6]));
    is("input.items.map(item, item > 1, item * 2)", list(&[4, 6]));
    is("input.items.filter(item, item != 2)", list(&[1, 3]));
    is("input.items.all(item, item > 0) && input.items.exists(item, item == 3)", Value::Bool(true));
    is("input.items.exists_one(item, item > 2) && !input.items.existsOne(item, item > 1)", Value::Bool(true));
    is("input.items.map(a, input.items.map(b, a * b))[2][1]", Value::Int(6));
    is("input.deep.map(key, key) == ['er']", Value::Bool(true));
    is("{'b': 1, 'a': 2}.map(key, key) == ['a', 'b']", Value::Bool(true));
    is("[3].map(count, count) == [3] && count == 2", Value::Bool(true));
    is("[1, 2].map(a, [a, 0]).map(b, b[0]).filter(c, c > 1)", list(&[2]));
}

#[test]
fn an_operand_that_fails_is_absorbed_where_the_other_decides() {
    is("1 / 0 > 0 || true", Value::Bool(true));
    is("list > 0 && list != null", Value::Bool(false));
    is("[0, 1].exists(x, 1 / x == 1)", Value::Bool(true));
    is("[0, 2].all(x, 1 / x == 1)", Value::Bool(false));
    fails("1 / 0 > 0 || false", "`1 / 0 > 0 || false`: division by zero, in `1 / 0`");
    fails("[0, 1].all(x, 1 / x == 1)", "`[0, 1].all(x, 1 / x == 1)`: division by zero, in `1 / x`");
}

#[test]
fn faults_name_the_expression_and_the_part() {
    fails("input.a / (count - 2)", "`input.a / (count - 2)`: division by zero");
    fails("list + 1 > 3", "`list + 1 > 3`: `+` cannot take null and int, in `list + 1`");
    fails("input.b", "`input.b`: there is no `b`");
    fails("list.a", "`list.a`: null has no `a`");
    fails("count.a", "`count.a`: int has no `a`");
    fails("input.items[3]", "`input.items[3]`: there is no element 3 in a list of 3");
    fails("input.items[-1]", "`input.items[-1]`: there is no element -1 in a list of 3");
    fails(
        "9223372036854775807 + count",
        "`9223372036854775807 + count`: 9223372036854775807 + 2 does not fit into 64 bits (int)",
    );
    fails("1 + 1.0", "`1 + 1.0`: `+` cannot take int and double");
    fails("int('12x')", "`int('12x')`: the string \"12x\" is no int");
    fails("count ? 1 : 2", "`count ? 1 : 2`: it is int where a bool is due, in `count`");
    fails("input.text.matches('(' + '')", "`input.text.matches('(' + '')`: not a regular expression: unclosed group");
    fails(
        "{input.text: 1, 'hello': 2}",
        "`{input.text: 1, 'hello': 2}`: the key \"hello\" is there twice, in `'hello'`",
    );
    fails("size(count)", "`size(count)`: `size` cannot take int");
}

#[test]
fn a_condition_must_be_a_bool() {
    assert_eq!(compiled("count > 0").holds(&data()), Ok(true));
    assert_eq!(compiled("count").holds(&data()).unwrap_err().to_string(), "`count`: it is int where a bool is due");
}

#[test]
fn what_is_large_is_shared_and_not_copied() {
    let items: Arc<[Value]> = (0..60_000).map(Value::Int).collect();
    let mut data = data();
    data.results = vec![Value::List(Arc::clone(&items)), Value::Null];
    let owners = Arc::strong_count(&items);
    for source in ["size(count)", "count[59999]", "count == count || true", "0 in count", "{'all': count}.all[0]"] {
        compiled(source).evaluate(&data).unwrap();
        assert_eq!(Arc::strong_count(&items), owners, "{source}");
    }
    let Value::List(result) = compiled("count").evaluate(&data).unwrap() else { panic!("it is a list") };
    assert!(Arc::ptr_eq(&result, &items));
}
