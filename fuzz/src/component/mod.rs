//! Target: components, from their bytes to calls of their functions.

mod call;
mod damage;
mod made;

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use sandgate_engine::describe::describe;
use sandgate_engine::engine::Config;
use sandgate_engine::package::sections;
use sandgate_engine::{Component, Engine, Limits};

use crate::invariant::{is_a_message, within_cpu_seconds};
use crate::{Verdict, input, platform};

/// What is compiled takes no longer than some tenths of a second.
const COMPONENT_BYTES_MAX: usize = 64 * 1024;

/// What is looked at, but not compiled, takes far less.
const DESCRIPTION_CPU_SECONDS_MAX: i64 = 20;

/// Describes the component, loads it, and calls what it exports.
pub fn run(data: &[u8]) -> Verdict {
    let bytes = input::bytes(data, generated);
    let described = within_cpu_seconds(DESCRIPTION_CPU_SECONDS_MAX, "a description", || describe(&bytes));
    let again = describe(&bytes);
    assert_eq!(format!("{described:?}"), format!("{again:?}"), "another time it is described otherwise");
    if let Err(error) = sections(&bytes) {
        is_a_message(&error);
    }
    match (described, ENGINE.load("fuzzed", &bytes)) {
        (Ok(_), Ok(component)) => {
            loaded(&component, data);
            Verdict::Accepted
        }
        (Err(refused), Ok(_)) => panic!("it is loaded, and cannot be described: {refused}"),
        (Err(refused), Err(error)) => {
            is_a_message(&refused);
            is_a_message(&error);
            Verdict::Refused(error.to_string())
        }
        (Ok(described), Err(error)) => {
            is_a_message(&error);
            described.refused.iter().for_each(is_a_message);
            Verdict::Refused(error.to_string())
        }
    }
}

/// The component.
pub fn show(data: &[u8]) -> Vec<u8> {
    input::bytes(data, generated)
}

/// One for all inputs, since it takes address space for all of its instances. Without a cache: everything is compiled.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let limits = Limits {
        instances_live_max: 16,
        memory_bytes_max: 4 * 1024 * 1024,
        table_elements_max: 1_000,
        handles_max: 100,
        stack_bytes_max: 64 * 1024,
        activation_cpu_ms_max: 20,
        activation_host_calls_max: 200,
        crossing_bytes_max: 1024 * 1024,
        push_bytes_max: 64 * 1024,
        activation_push_bytes_max: 256 * 1024,
        permit_wait_ms_max: 120_000,
        component_bytes_max: COMPONENT_BYTES_MAX,
        guest_threads: 1,
        ..Limits::default()
    };
    Engine::new(Config { limits, ..Config::default() }).expect("an engine with small limits")
});

fn loaded(component: &Component, data: &[u8]) {
    let about = component.about();
    assert!(!about.activities.is_empty() || component.about().gateway == sandgate_flow::catalog::Gateway::Exported);
    for activity in &about.activities {
        for ty in activity.parameters.iter().map(|parameter| &parameter.ty).chain(&activity.returns) {
            assert!(!ty.to_string().is_empty());
        }
    }
    call::all(&ENGINE, component, data);
}

/// What is made uses up all that it is given to decide by: what becomes of it then is decided by a part of its own.
fn generated(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let kind = u.int_in_range(0..=7)?;
    let mut then = Unstructured::new(u.bytes(u.len() / 4)?);
    let sound = match kind {
        0 => made::anything(u)?,
        1..=5 => made::of_a_world(u)?,
        _ => u.choose(&platform::PACKED)?.1.clone(),
    };
    let packed = if then.ratio(1, 4)? { damage::with_sections(sound, &mut then)? } else { sound };
    if kind > 4 { damage::damaged(packed, &mut then) } else { Ok(packed) }
}
