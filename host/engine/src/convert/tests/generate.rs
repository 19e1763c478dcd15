//! Random types, and random values of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use proptest::prelude::*;
use proptest::strategy::{Union, ValueTree as _};
use proptest::test_runner::TestRunner;
use sandgate_flow::catalog::{Case, Field, Type, in_flow};
use sandgate_flow::value::Value;
use serde_json::json;
use wasmtime::component::Val;

use super::{Conversion, some};

/// How deeply types are nested.
pub(super) const DEPTH: usize = 5;

/// How many cases are tried where few of them are at the verge of fitting.
pub(super) const VERDICTS: u32 = 2_000;

/// Types nested up to so deep.
pub(super) fn types() -> impl Strategy<Value = Type> {
    (0..=DEPTH).prop_flat_map(nested)
}

/// Types nested just so deep: on one way at least.
pub(super) fn nested(depth: usize) -> BoxedStrategy<Type> {
    (0..depth).fold(leaf().boxed(), |inner, _| around(inner).boxed())
}

fn leaf() -> impl Strategy<Value = Type> {
    prop_oneof![
        Just(Type::Bool),
        Just(Type::S8),
        Just(Type::S16),
        Just(Type::S32),
        Just(Type::S64),
        Just(Type::U8),
        Just(Type::U16),
        Just(Type::U32),
        Just(Type::U64),
        Just(Type::F32),
        Just(Type::F64),
        Just(Type::Char),
        Just(Type::String),
        Just(Type::Bytes),
        Just(Type::Json),
        Just(Type::Message),
        (1..=5_usize).prop_map(|count| Type::Enum(numbered(count))),
        (1..=5_usize).prop_map(|count| Type::Flags(numbered(count))),
    ]
}

/// What holds one of these, beside leaves.
fn around(inner: BoxedStrategy<Type>) -> impl Strategy<Value = Type> {
    let several = (prop::collection::vec(leaf(), 0..3), inner.clone(), any::<prop::sample::Index>());
    let several = several.prop_map(|(mut types, inner, place)| {
        types.insert(place.index(types.len() + 1), inner);
        types
    });
    let several = several.boxed();
    let cases = (several.clone(), 0..3_usize).prop_map(|(types, plain)| {
        let types: Vec<_> = types.into_iter().map(Some).chain(std::iter::repeat_n(None, plain)).collect();
        let cases = numbered(types.len()).into_iter().zip(types);
        Type::Variant(cases.map(|(name, ty)| Case { name, ty }).collect())
    });
    let record = several.clone().prop_map(|types| {
        let fields = numbered(types.len()).into_iter().zip(types);
        Type::Record(fields.map(|(name, ty)| Field { name, ty }).collect())
    });
    let other = prop::option::of(leaf().prop_map(Box::new));
    let result =
        (inner.clone().prop_map(|ty| Some(Box::new(ty))), other, any::<bool>()).prop_map(|(one, other, ok)| {
            let (ok, error) = if ok { (one, other) } else { (other, one) };
            Type::Result { ok, error }
        });
    prop_oneof![
        inner.clone().prop_map(list),
        inner.prop_map(some),
        several.prop_map(Type::Tuple),
        record,
        cases,
        result
    ]
}

/// A list of bytes has a type of its own.
pub(super) fn list(of: Type) -> Type {
    if of == Type::U8 { Type::Bytes } else { Type::List(Box::new(of)) }
}

/// Names of fields, cases and flags. The longer ones come first when they are sorted, and not in WIT.
fn numbered(count: usize) -> Vec<Arc<str>> {
    ["zoo", "name-b", "name", "the-name-of-it", "a"].into_iter().take(count).map(Arc::from).collect()
}

/// Values of a type, as a component may give them.
pub(super) fn vals(ty: &Type) -> BoxedStrategy<Val> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Val::Bool).boxed(),
        Type::S8 => any::<i8>().prop_map(Val::S8).boxed(),
        Type::S16 => any::<i16>().prop_map(Val::S16).boxed(),
        Type::S32 => any::<i32>().prop_map(Val::S32).boxed(),
        Type::S64 => any::<i64>().prop_map(Val::S64).boxed(),
        Type::U8 => any::<u8>().prop_map(Val::U8).boxed(),
        Type::U16 => any::<u16>().prop_map(Val::U16).boxed(),
        Type::U32 => any::<u32>().prop_map(Val::U32).boxed(),
        Type::U64 => any::<u64>().prop_map(Val::U64).boxed(),
        Type::F32 => prop::num::f32::ANY.prop_map(Val::Float32).boxed(),
        Type::F64 => prop::num::f64::ANY.prop_map(Val::Float64).boxed(),
        Type::Char => any::<char>().prop_map(Val::Char).boxed(),
        Type::String => any::<String>().prop_map(Val::String).boxed(),
        Type::Bytes => any::<Vec<u8>>().prop_map(|bytes| Val::List(bytes.into_iter().map(Val::U8).collect())).boxed(),
        Type::Json => json_vals().boxed(),
        Type::Message => message_vals().boxed(),
        Type::List(of) => prop::collection::vec(vals(of), 0..4).prop_map(Val::List).boxed(),
        Type::Tuple(types) => types.iter().map(vals).collect::<Vec<_>>().prop_map(Val::Tuple).boxed(),
        Type::Record(fields) => {
            let fields = fields.iter().map(|field| (Just(field.name.to_string()), vals(&field.ty)));
            fields.collect::<Vec<_>>().prop_map(Val::Record).boxed()
        }
        Type::Variant(cases) => {
            let cases = cases.iter().map(|case| {
                let name = case.name.to_string();
                side(case.ty.as_ref()).prop_map(move |val| Val::Variant(name.clone(), val)).boxed()
            });
            prop::strategy::Union::new(cases).boxed()
        }
        Type::Enum(names) => prop::sample::select(names.clone()).prop_map(|name| Val::Enum(name.to_string())).boxed(),
        Type::Flags(names) => {
            let chosen = prop::sample::subsequence(names.clone(), 0..=names.len());
            chosen.prop_map(|names| Val::Flags(names.iter().map(ToString::to_string).collect())).boxed()
        }
        Type::Option(of) => prop::option::of(vals(of).prop_map(Box::new)).prop_map(Val::Option).boxed(),
        Type::Result { ok, error } => prop_oneof![
            side(ok.as_deref()).prop_map(|val| Val::Result(Ok(val))),
            side(error.as_deref()).prop_map(|val| Val::Result(Err(val))),
        ]
        .boxed(),
    }
}

fn side(ty: Option<&Type>) -> BoxedStrategy<Option<Box<Val>>> {
    match ty {
        Some(ty) => vals(ty).prop_map(|val| Some(Box::new(val))).boxed(),
        None => Just(None).boxed(),
    }
}

fn json_vals() -> impl Strategy<Value = Val> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        prop::num::f64::NORMAL.prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    let json = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|entries| entries.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    });
    json.prop_map(|json: serde_json::Value| Val::Record(vec![("text".to_owned(), Val::String(json.to_string()))]))
}

fn message_vals() -> impl Strategy<Value = Val> {
    let case = |name: &'static str| move |val| Val::Variant(name.to_owned(), Some(Box::new(val)));
    prop_oneof![
        json_vals().prop_map(case("json")),
        any::<String>().prop_map(Val::String).prop_map(case("text")),
        vals(&Type::Bytes).prop_map(case("binary")),
    ]
}

/// Values for a type, as flows may have them after JSON or YAML was read: most fit, some do not.
pub(super) fn values(ty: &Type) -> BoxedStrategy<Value> {
    prop_oneof![15 => meant(ty), 1 => prop::sample::select(odd())].boxed()
}

/// Values that are meant for the type.
fn meant(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Char => any::<char>().prop_map(|char| Value::from(char.to_string().as_str())).boxed(),
        Type::String => any::<String>().prop_map(|text| Value::from(text.as_str())).boxed(),
        Type::Bytes => any::<Vec<u8>>().prop_map(|bytes| Value::from(BASE64.encode(bytes).as_str())).boxed(),
        Type::Json | Type::Message => prop::sample::select(odd()).boxed(),
        Type::List(of) => prop::collection::vec(values(of), 0..3).prop_map(listed).boxed(),
        Type::Tuple(types) => types.iter().map(values).collect::<Vec<_>>().prop_map(listed).boxed(),
        Type::Record(fields) => {
            let fields = fields.iter().map(|field| {
                let present = if matches!(field.ty, Type::Option(_)) { 0.7 } else { 0.95 };
                (Just(in_flow(&field.name)), prop::option::weighted(present, values(&field.ty)))
            });
            let fields = fields.collect::<Vec<_>>();
            fields.prop_map(|fields| Value::map(fields.into_iter().filter_map(|(name, it)| Some((name, it?))))).boxed()
        }
        Type::Variant(cases) => Union::new(cases.iter().map(|case| written(&case.name, case.ty.as_ref()))).boxed(),
        Type::Enum(names) => prop::sample::select(names.clone()).prop_map(|name| name_of(&name)).boxed(),
        Type::Flags(names) => {
            let chosen = prop::sample::subsequence(names.clone(), 0..=names.len());
            let any = prop::collection::vec(prop::sample::select(names.clone()), 0..3);
            let chosen = prop_oneof![3 => chosen, 1 => any];
            chosen.prop_map(|names| listed(names.iter().map(|name| name_of(name)).collect())).boxed()
        }
        Type::Option(of) if matches!(**of, Type::Option(_)) => {
            prop::collection::vec(values(of), 0..=1).prop_map(listed).boxed()
        }
        Type::Option(of) => prop_oneof![1 => Just(Value::Null), 2 => values(of)].boxed(),
        Type::Result { ok, error } => {
            prop_oneof![written("ok", ok.as_deref()), written("error", error.as_deref())].boxed()
        }
        _ => numbers(),
    }
}

/// A case as it is written.
fn written(name: &str, ty: Option<&Type>) -> BoxedStrategy<Value> {
    let name = in_flow(name);
    match ty {
        Some(ty) => values(ty).prop_map(move |value| Value::map([(name.as_str(), value)])).boxed(),
        None => prop_oneof![Just(name_of(&name)), Just(Value::map([(name.as_str(), Value::Null)]))].boxed(),
    }
}

fn listed(items: Vec<Value>) -> Value {
    Value::List(items.into())
}

fn name_of(name: &str) -> Value {
    Value::from(in_flow(name).as_str())
}

/// Small ones, which fit all types of numbers but the unsigned; where ranges end, in each form; and any.
fn numbers() -> BoxedStrategy<Value> {
    let ends = [0, 7, 8, 15, 16, 24, 31, 32, 53, 63, 64].map(|bits| 1_i128 << bits);
    let ends: Vec<_> = ends.into_iter().flat_map(|end| [-end - 1, -end, end - 1, end, end + 1]).collect();
    let end = prop::sample::select(ends).prop_flat_map(|end| {
        let whole = i64::try_from(end).map(Value::Int).or_else(|_| u64::try_from(end).map(Value::Uint));
        let double = Value::Double(end as f64);
        prop_oneof![
            3 => Just(whole.unwrap_or_else(|_| double.clone())),
            1 => Just(double),
            1 => Just(Value::from(end.to_string().as_str())),
        ]
    });
    let small = (0..100_i64).prop_map(Value::Int);
    prop_oneof![12 => small, 3 => end, 1 => any::<i64>().prop_map(Value::Int), 1 => doubles()].boxed()
}

fn doubles() -> impl Strategy<Value = Value> {
    let f32_end = 2_f64.powi(128) - 2_f64.powi(103);
    let ends = vec![f32_end, f32_end.next_down(), -f32_end, f32::MAX.into(), 1e300, 0.1, -0.0, 2.5, f64::INFINITY];
    prop_oneof![prop::num::f64::ANY, prop::sample::select(ends)].prop_map(Value::Double)
}

/// Values that fit few types.
fn odd() -> Vec<Value> {
    let texts = [
        "", "a", "ab", "é", "QQ==", "QR==", "QUI=", "QUJ=", "Q", "QUJD", "QUJD\n", "name_b", "name-b", "-0", "07",
        "1.0",
    ];
    let texts = texts.into_iter().map(Value::from);
    let others = [
        json!(null),
        json!(true),
        json!(3),
        json!(-3),
        json!(0.5),
        json!(9_007_199_254_740_993_i64),
        json!([]),
        json!([null]),
        json!([1, 2]),
        json!(["a"]),
        json!(["a", "a"]),
        json!({}),
        json!({ "a": null }),
        json!({ "name_b": 1 }),
        json!({ "ok": null }),
        json!({ "error": 1 }),
        json!({ "ok": 1, "error": 1 }),
        json!({ "zoo": 1, "name_b": "a", "none": null }),
    ];
    let not_json = [Value::Double(f64::NAN), Value::List([Value::Double(f64::INFINITY)].into())];
    texts.chain(others.into_iter().map(Value::from)).chain(not_json).collect()
}

/// How deeply a type is nested.
fn depth(ty: &Type) -> usize {
    let deepest = |types: &mut dyn Iterator<Item = &Type>| 1 + types.map(depth).max().unwrap_or_default();
    match ty {
        Type::List(of) | Type::Option(of) => 1 + depth(of),
        Type::Tuple(types) => deepest(&mut types.iter()),
        Type::Record(fields) => deepest(&mut fields.iter().map(|field| &field.ty)),
        Type::Variant(cases) => deepest(&mut cases.iter().filter_map(|case| case.ty.as_ref())),
        Type::Result { ok, error } => deepest(&mut ok.iter().chain(error).map(|ty| &**ty)),
        _ => 0,
    }
}

/// How deeply a value of a component is nested.
fn val_depth(val: &Val) -> usize {
    let deepest = |vals: &mut dyn Iterator<Item = &Val>| 1 + vals.map(val_depth).max().unwrap_or_default();
    match val {
        Val::List(items) | Val::Tuple(items) => deepest(&mut items.iter()),
        Val::Record(fields) => deepest(&mut fields.iter().map(|(_, val)| val)),
        Val::Variant(_, val) | Val::Option(val) | Val::Result(Ok(val) | Err(val)) => {
            deepest(&mut val.as_deref().into_iter())
        }
        _ => 0,
    }
}

/// The same of a strategy at each run.
fn samples<S: Strategy>(strategy: S) -> impl Iterator<Item = S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..1_000).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

#[test]
fn every_type_occurs_and_types_and_values_are_nested_five_deep() {
    let types: Vec<_> = samples(types()).collect();
    assert_eq!(types.iter().map(depth).max(), Some(DEPTH));
    let kinds = types.iter().map(|ty| format!("{:?}", std::mem::discriminant(ty))).collect::<BTreeSet<_>>();
    assert_eq!(kinds.len(), 24, "{kinds:?}");
    let shown: Vec<_> = types.iter().map(|ty| format!("{ty:?}")).collect();
    for rare in ["Option(Option(", "ok: None", "error: None", "Case { name: \"a\", ty: None }"] {
        assert!(shown.iter().any(|shown| shown.contains(rare)), "{rare}");
    }
    let deepest = samples(nested(DEPTH).prop_flat_map(|ty| vals(&ty))).map(|val| val_depth(&val)).max();
    assert!(deepest >= Some(DEPTH), "{deepest:?}");
}

#[test]
fn of_the_values_many_fit_and_many_do_not() {
    let verdicts = samples(types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty))));
    let fit = verdicts.filter(|(ty, value)| Conversion::new(ty).lower(value).is_ok()).count();
    assert!((300..=800).contains(&fit), "{fit} of 1,000 fit");
}
