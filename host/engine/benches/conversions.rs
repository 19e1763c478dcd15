//! What it costs to give a component a value and to take it back: `cargo xtask bench core`.

#![expect(clippy::unwrap_used, reason = "a benchmark says so by failing")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sandgate_engine::convert::Conversion;
use sandgate_flow::catalog::{Field, Type};
use sandgate_flow::value::Value;
use serde_json::json;

const DOCUMENT_BYTES: usize = 10 * 1024;

fn conversions(criterion: &mut Criterion) {
    there_and_back(criterion, "a record of four", &Value::from(person(1)), &record());
    there_and_back(criterion, "a document of 10 KB", &document(), &Type::Json);
    there_and_back(criterion, "a list of records, 10 KB", &document(), &Type::List(Box::new(record())));
}

/// The one place that knows how values are converted.
fn there_and_back(criterion: &mut Criterion, name: &str, value: &Value, ty: &Type) {
    let conversion = Conversion::new(ty);
    let mut group = criterion.benchmark_group(format!("conversion: {name}"));
    group.throughput(Throughput::Elements(1));
    group.bench_function("there", |it| it.iter(|| conversion.lower(black_box(value)).unwrap()));
    let val = conversion.lower(value).unwrap();
    group.bench_function("back", |it| it.iter(|| conversion.lift(black_box(&val)).unwrap()));
    group.finish();
}

fn person(number: usize) -> serde_json::Value {
    json!({ "name": format!("person {number}"), "age": number, "weight": 71.5, "tags": ["one", "two"] })
}

/// As many as make a document of that size.
fn document() -> Value {
    let count = DOCUMENT_BYTES / person(100).to_string().len();
    Value::from(serde_json::Value::from((0..count).map(person).collect::<Vec<_>>()))
}

fn record() -> Type {
    let field = |name: &str, ty| Field { name: name.into(), ty };
    Type::Record(vec![
        field("name", Type::String),
        field("age", Type::U32),
        field("weight", Type::F64),
        field("tags", Type::List(Box::new(Type::String))),
    ])
}

criterion_group!(benches, conversions);
criterion_main!(benches);
