//! Values go through the border that components have, and come back.
//!
//! A list is two numbers to a core module, where it begins and how long it is, whatever it is a list of. So one module
//! that returns the two that it was given is the echo of a list of any type.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRng, TestRunner};
use sandgate_flow::catalog::Type;
use tokio::runtime::Runtime;
use wasmtime::Store;
use wasmtime::component::{Linker, Val};

use super::Value;
use super::generate::{DEPTH, list, nested, vals};
use crate::convert::Signature;
use crate::package::sample;
use crate::{Component, Engine};

const MODULE: &str = r#"
    (module
        (memory (export "memory") 1)
        (global $end (mut i32) (i32.const 1024))
        (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32)
            (result i32)
            (local $begin i32)
            (local.set $begin
                (i32.and
                    (i32.add (global.get $end) (i32.sub (local.get $align) (i32.const 1)))
                    (i32.sub (i32.const 0) (local.get $align))))
            (global.set $end (i32.add (local.get $begin) (local.get $size)))
            (loop $grow
                (if (i32.gt_u (global.get $end) (i32.mul (memory.size) (i32.const 65536)))
                    (then
                        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))
                        (br $grow))))
            (local.get $begin))
        (func (export "acme:echo/echoes@1.0.0#echo") (param $begin i32) (param $length i32) (result i32)
            (i32.store (i32.const 16) (local.get $begin))
            (i32.store (i32.const 20) (local.get $length))
            (i32.const 16)))
    "#;

/// How many components are made, each of another type, and how often each is called.
const TYPES: u32 = 64;
const CALLS: usize = 4;

#[test]
fn what_a_component_is_given_and_gives_back_is_the_same() {
    let (engine, runtime) = (Engine::new(Default::default()).unwrap(), Runtime::new().unwrap());
    let config = Config { cases: TYPES, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let cases = nested(DEPTH).prop_flat_map(|of| {
        let ty = list(of.clone());
        let given = prop::collection::vec(vals(&ty), CALLS);
        (Just(of), Just(ty), given)
    });
    let run = |(of, ty, given): (Type, Type, Vec<Val>)| {
        let echo = Echo::new(&engine, &of);
        prop_assert_eq!(&echo.described(), &ty);
        given.iter().try_for_each(|val| echo.returns(val, &runtime))
    };
    TestRunner::new_with_rng(config, rng).run(&cases, run).unwrap();
}

/// A component that returns what it is given: `echo: func(them: list<T>) -> list<T>`.
struct Echo(Component);

impl Echo {
    fn new(engine: &Engine, of: &Type) -> Self {
        let component = sample::component_of(&wit(of), &wat::parse_str(MODULE).unwrap());
        Self(engine.load("echo", &component).unwrap())
    }

    /// The type of its parameter, as its bytes say it.
    fn described(&self) -> Type {
        self.0.about().activities[0].parameters[0].ty.clone()
    }

    fn returns(&self, given: &Val, runtime: &Runtime) -> Result<(), TestCaseError> {
        let (_, exported) = self.0.activity(0).unwrap();
        let Signature { parameters, returns, .. } = &exported.signature;
        let value = parameters[0].lift(given).unwrap();
        let lowered = parameters[0].lower(&value).unwrap();
        let returned = runtime.block_on(self.call(&lowered)).unwrap();
        prop_assert_eq!(format!("{:?}", returned), format!("{:?}", lowered));
        let lifted: Value = returns.as_ref().unwrap().lift(&returned).unwrap();
        prop_assert_eq!(format!("{lifted:?}"), format!("{value:?}"));
        Ok(())
    }

    async fn call(&self, given: &Val) -> wasmtime::Result<Val> {
        let (_, exported) = self.0.activity(0).unwrap();
        let component = self.0.linked().component();
        let mut linker = Linker::<()>::new(component.engine());
        // Of the contract it has types alone.
        linker.instance("sandgate:flow/types@0.1.0")?;
        linker.instance("sandgate:flow/push@0.1.0")?;
        let mut store = Store::new(component.engine(), ());
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = linker.instantiate_async(&mut store, component).await?;
        let function = instance.get_func(&mut store, exported.index).unwrap();
        let mut returned = [Val::Bool(false)];
        function.call_async(&mut store, std::slice::from_ref(given), &mut returned).await?;
        let [returned] = returned;
        Ok(returned)
    }
}

/// The WIT of the echo of a type.
fn wit(of: &Type) -> String {
    let mut wit = Wit::default();
    let of = wit.name(of);
    format!(
        "package acme:echo@1.0.0;
         interface echoes {{
             use sandgate:flow/types@0.1.0.{{json}};
             use sandgate:flow/push@0.1.0.{{message}};
             {}
             echo: func(them: list<{of}>) -> list<{of}>;
         }}
         world sample {{ export echoes; }}",
        wit.definitions
    )
}

/// Types of WIT, as text: those that must have a name get one.
#[derive(Default)]
struct Wit {
    definitions: String,
    count: usize,
}

impl Wit {
    fn name(&mut self, ty: &Type) -> String {
        match ty {
            Type::List(of) => format!("list<{}>", self.name(of)),
            Type::Option(of) => format!("option<{}>", self.name(of)),
            Type::Tuple(types) => {
                format!("tuple<{}>", types.iter().map(|ty| self.name(ty)).collect::<Vec<_>>().join(", "))
            }
            Type::Result { ok, error } => {
                let (ok, error) = (self.side(ok.as_deref()), self.side(error.as_deref()));
                match error.as_str() {
                    "_" if ok == "_" => "result".to_owned(),
                    "_" => format!("result<{ok}>"),
                    error => format!("result<{ok}, {error}>"),
                }
            }
            Type::Record(fields) => {
                let fields = fields.iter().map(|field| format!("{}: {}", field.name, self.name(&field.ty))).collect();
                self.define("record", fields)
            }
            Type::Variant(cases) => {
                let cases = cases.iter().map(|case| match &case.ty {
                    Some(ty) => format!("{}({})", case.name, self.name(ty)),
                    None => case.name.to_string(),
                });
                let cases = cases.collect();
                self.define("variant", cases)
            }
            Type::Enum(names) => self.define("enum", names.iter().map(ToString::to_string).collect()),
            Type::Flags(names) => self.define("flags", names.iter().map(ToString::to_string).collect()),
            other => other.to_string(),
        }
    }

    fn side(&mut self, ty: Option<&Type>) -> String {
        ty.map_or_else(|| "_".to_owned(), |ty| self.name(ty))
    }

    fn define(&mut self, kind: &str, parts: Vec<String>) -> String {
        self.count += 1;
        let name = format!("t{}", self.count);
        self.definitions.push_str(&format!("{kind} {name} {{ {} }}\n", parts.join(", ")));
        name
    }
}
