//! What expressions cost that are compiled already: `cargo xtask bench core`.

#![expect(clippy::unwrap_used, reason = "a benchmark says so by failing")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use sandgate_flow::data::Data;
use sandgate_flow::expression::{Expression, Message, Names};
use sandgate_flow::value::Value;

fn expressions(criterion: &mut Criterion) {
    let names = Names::new(["count"], Message::Absent);
    let data = Data {
        input: Value::from(serde_json::json!({ "a": 10 })),
        session: Value::Null,
        run: Value::Null,
        message: Value::Null,
        error: Value::Null,
        results: vec![Value::Int(3)],
    };
    let mut group = criterion.benchmark_group("expressions, compiled");
    for source in ["count > 0", "count", "input.a - 1"] {
        let expression = Expression::compile(source, &names).unwrap();
        group.bench_function(source, |it| it.iter(|| black_box(&expression).evaluate(black_box(&data)).unwrap()));
    }
    group.finish();
}

criterion_group!(benches, expressions);
criterion_main!(benches);
