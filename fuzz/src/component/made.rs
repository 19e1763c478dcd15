//! Components that are made: of any kind, and of a world with functions that do anything.

use std::fmt::Write as _;

use arbitrary::{Result, Unstructured};
use sandgate_flow::catalog::Type;
use wasm_smith::{Config, Module};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve};

use crate::{json, types};

/// The contract's WIT.
const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit");

/// Instructions of a function: what it does is bounded by the sandbox, what it takes to compile by this.
const INSTRUCTIONS_MAX: usize = 120;

/// A component of any kind, valid, and of no use to flows mostly.
pub(super) fn anything(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    Ok(wasm_smith::Component::new(config(None), u)?.to_bytes())
}

/// A component with functions of any types, which do anything, also where the canonical ABI trusts them: what they return,
/// and where they say that there is room.
pub(super) fn of_a_world(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let wit = world(u)?;
    let mut resolve = Resolve::new();
    resolve.push_dir(CONTRACT).expect("the contract");
    let package = resolve.push_str("fuzzed.wit", &wit).unwrap_or_else(|error| panic!("{error:#}\n{wit}"));
    let world = resolve.select_world(&[package], None).expect("a world");
    let shape = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    let mut module = if u.ratio(7, 8)? { Module::new(config(Some(shape)), u)?.to_bytes() } else { shape };
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("a module of this world");
    // What wasm-smith makes of a shape may have a memory that cannot be one of a component.
    Ok(ComponentEncoder::default().module(&module).and_then(|mut encoder| encoder.encode()).unwrap_or(module))
}

fn config(shape: Option<Vec<u8>>) -> Config {
    Config {
        module_shape: shape,
        max_instructions: INSTRUCTIONS_MAX,
        max_funcs: 12,
        max_memory32_bytes: 2 * 1024 * 1024,
        max_table_elements: 500,
        max_data_segments: 6,
        max_element_segments: 6,
        max_type_size: 100,
        max_nesting_depth: 5,
        allow_start_export: true,
        // References to what is not a function need a collector, which the sandbox does not have.
        reference_types_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        threads_enabled: false,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

/// A world with an interface of its own, with some of the contract's imports, and maybe its gateway.
fn world(u: &mut Unstructured<'_>) -> Result<String> {
    let mut declared = String::new();
    let mut functions = String::new();
    for number in 0..u.int_in_range(1..=3)? {
        let parameters = json::some(u, |u| types::ty(u, 2))?;
        let parameters = parameters.iter().enumerate().map(|(at, ty)| format!("p{at}: {}", written(ty, &mut declared)));
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let returns =
            if u.arbitrary()? { format!(" -> {}", written(&types::ty(u, 2)?, &mut declared)) } else { String::new() };
        let _ = writeln!(functions, "  f{number}: func({parameters}){returns};");
    }
    let mut imports = String::new();
    for name in ["push", "timer", "output", "log"] {
        if u.arbitrary()? {
            let _ = writeln!(imports, "  import sandgate:flow/{name}@0.1.0;");
        }
    }
    let gateway = if u.ratio(1, 4)? { "  export sandgate:flow/gateway@0.1.0;\n" } else { "" };
    Ok(format!(
        "package fuzz:it@1.0.0;\ninterface it {{\n  use sandgate:flow/types@0.1.0.{{json}};\n  \
         use sandgate:flow/push@0.1.0.{{message}};\n{declared}{functions}}}\nworld fuzzed {{\n{imports}{gateway}  export it;\n}}\n"
    ))
}

/// A type as WIT writes it; what has to have a name is declared.
fn written(ty: &Type, declared: &mut String) -> String {
    let body = match ty {
        Type::List(of) => return format!("list<{}>", written(of, declared)),
        Type::Option(of) => return format!("option<{}>", written(of, declared)),
        Type::Tuple(types) => {
            return format!("tuple<{}>", types.iter().map(|ty| written(ty, declared)).collect::<Vec<_>>().join(", "));
        }
        Type::Result { ok, error } => {
            let mut side =
                |ty: &Option<Box<Type>>| ty.as_ref().map_or_else(|| "_".to_owned(), |ty| written(ty, declared));
            return match (ok, error) {
                (None, None) => "result".to_owned(),
                (Some(_), None) => format!("result<{}>", side(ok)),
                _ => format!("result<{}, {}>", side(ok), side(error)),
            };
        }
        Type::Record(fields) => {
            let fields = fields.iter().map(|field| format!("{}: {}", field.name, written(&field.ty, declared)));
            ("record", fields.collect::<Vec<_>>().join(", "))
        }
        Type::Variant(cases) => {
            let cases = cases.iter().map(|case| match &case.ty {
                Some(ty) => format!("{}({})", case.name, written(ty, declared)),
                None => case.name.to_string(),
            });
            ("variant", cases.collect::<Vec<_>>().join(", "))
        }
        Type::Enum(names) => ("enum", names.join(", ")),
        Type::Flags(names) => ("flags", names.join(", ")),
        plain => return plain.to_string(),
    };
    let name = format!("t{}", declared.lines().count());
    let _ = writeln!(declared, "  {} {name} {{ {} }}", body.0, body.1);
    name
}
