//! What it costs to convert values, without a component: `cargo xtask bench`.

#![expect(clippy::unwrap_used, reason = "a benchmark says so by failing")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sandgate_engine::convert::Conversion;
use sandgate_flow::catalog::{Field, Type};
use sandgate_flow::value::Value;
use serde_json::json;

fn record(fields: &[(&str, Type)]) -> Type {
    Type::Record(fields.iter().map(|(name, ty)| Field { name: (*name).into(), ty: ty.clone() }).collect())
}

fn option(of: Type) -> Type {
    Type::Option(Box::new(of))
}

/// A record of ten fields.
fn ten() -> (Type, Value) {
    let types = [Type::String, Type::S64, Type::U32, Type::F64, Type::Bool];
    let names =
        ["name", "item-count", "size", "unit-price", "is-new", "title", "offset", "flags", "weight", "in-stock"];
    let fields: Vec<_> = names.into_iter().zip(types.into_iter().cycle()).collect();
    let value = json!({
        "name": "a thing", "item_count": 3, "size": 12, "unit_price": 1.5, "is_new": true,
        "title": "A thing", "offset": -7, "flags": 1, "weight": 0.25, "in_stock": false,
    });
    (record(&fields), Value::from(value))
}

/// A list of 100 records: some 10 KB of JSON.
fn hundred() -> (Type, Value) {
    let fields = [("id", Type::S64), ("name", Type::String), ("unit-price", Type::F64), ("note", option(Type::String))];
    let item = |number: i64| {
        let note = (number % 2 == 0).then(|| format!("what is to be said of number {number}"));
        json!({ "id": number, "name": format!("thing number {number}"), "unit_price": 0.5, "note": note })
    };
    (Type::List(Box::new(record(&fields))), Value::from(json!((0..100).map(item).collect::<Vec<_>>())))
}

fn values(criterion: &mut Criterion) {
    let cases = [("an s64", (Type::S64, Value::Int(3))), ("a record of ten fields", ten()), ("100 records", hundred())];
    for (name, (ty, value)) in cases {
        let conversion = Conversion::new(&ty);
        let mut group = criterion.benchmark_group(name);
        let val = conversion.lower(&value).unwrap();
        assert_eq!(conversion.lift(&val).unwrap(), value);
        group.bench_function("lower", |it| it.iter(|| black_box(conversion.lower(black_box(&value)))));
        group.bench_function("lift", |it| it.iter(|| black_box(conversion.lift(black_box(&val)))));
        group.finish();
    }
}

criterion_group!(benches, values);
criterion_main!(benches);
