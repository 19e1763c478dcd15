//! Guests made of a few lines of WebAssembly text.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::support::{Flow, repository};

/// A component that may call every host function, or those by which it does not wait. It exports `go`, or the contract's gateway. What every guest is made
/// of has defaults, so that each shows only what it does.
pub(crate) struct Guest {
    /// What it may call.
    pub(crate) calls: Calls,
    /// The parameters and the result of `go` in WIT; none if the guest is a gateway.
    pub(crate) go: Option<&'static str>,
    /// What the node gives to `go`.
    pub(crate) with: &'static str,
    /// The WIT types that `go` takes and returns.
    pub(crate) types: &'static str,
    /// Its memory in pages of 64 KiB, least and most.
    pub(crate) memory: &'static str,
    /// How it answers the host that asks it for memory.
    pub(crate) realloc: &'static str,
    /// The body of `go`: of the core function that it stands for.
    pub(crate) body: &'static str,
    /// Whatever else the core module has.
    pub(crate) rest: &'static str,
    /// The whole component, where it is not made of the others.
    pub(crate) component: Option<&'static str>,
}

/// Which host functions a guest may call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calls {
    /// All, so that it has a stack of its own.
    All,
    /// `log` and `holds`, for neither of which it waits: it runs on the stack of the thread.
    NoneThatWaits,
}

/// Does nothing.
pub(crate) const GUEST: Guest = Guest {
    calls: Calls::All,
    go: Some("()"),
    with: "{}",
    types: "",
    memory: "1",
    realloc: "i32.const 32768",
    body: "",
    rest: "",
    component: None,
};

/// Chooses no branch.
pub(crate) const GATEWAY: Guest =
    Guest { go: None, body: "(param i32 i32 i32 i32 i32) (result i32) i32.const 1024", ..GUEST };

/// What is common to the guests; `$say` pushes a text to everyone.
const CORE: &str = r#"
    (module
      WAITS
      (import "sandgate:flow/log@0.1.0" "log" (func $log (param i32 i32 i32)))
      (import "sandgate:flow/branches@0.1.0" "holds" (func $holds (param i32 i32)))
      (memory (export "memory") MEMORY)
      (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) REALLOC)
      SAY
      (func $go (export "EXPORT") BODY)
      REST)
    "#;

const WAITS: &str = r#"
      (import "sandgate:flow/push@0.1.0" "push" (func $push (param i32 i32 i32 i32 i32 i32 i32)))
      (import "sandgate:flow/timer@0.1.0" "sleep" (func $sleep (param i64)))
      (import "sandgate:flow/output@0.1.0" "output" (func $output (param i32 i32 i32)))
    "#;
const SAY: &str = "
      (func $say (param $at i32) (param $length i32)
        (call $push (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 1) (local.get $at) (local.get $length) (i32.const 512)))
    ";

const WORLD: &str = "
    package attack:guest@1.0.0;
    interface it { TYPES go: funcGO; }
    world guest {
        import sandgate:flow/push@0.1.0;
        import sandgate:flow/timer@0.1.0;
        import sandgate:flow/output@0.1.0;
        import sandgate:flow/log@0.1.0;
        import sandgate:flow/branches@0.1.0;
        export WHAT;
    }
    ";

impl Guest {
    /// The guest's bytes.
    pub(crate) fn component(&self) -> Vec<u8> {
        if let Some(text) = self.component {
            return wat::parse_str(text).unwrap();
        }
        let (what, export) = match self.go {
            Some(_) => ("it", "attack:guest/it@1.0.0#go"),
            None => ("sandgate:flow/gateway@0.1.0", "sandgate:flow/gateway@0.1.0#route"),
        };
        let core = CORE.replace("MEMORY", self.memory).replace("REALLOC", self.realloc).replace("EXPORT", export);
        let (waits, say) = if self.calls == Calls::All { (WAITS, SAY) } else { ("", "") };
        let core = core.replace("WAITS", waits).replace("SAY", say);
        let core = core.replace("BODY", self.body).replace("REST", self.rest);
        let world = WORLD.replace("TYPES", self.types).replace("WHAT", what);
        component(&core, &world.replace("GO", self.go.unwrap_or("()")))
    }

    /// A flow that calls it, and outputs what it returns.
    pub(crate) fn flow(&self) -> Flow {
        let does = match self.go {
            Some(_) => format!("call: guest.go, with: {}, next: done", self.with),
            None => "gateway: guest, branches: [{ if: 'true', next: done }, { next: other }]".to_owned(),
        };
        let result = if self.go.is_some_and(|go| go.contains("->")) { "${it}" } else { "done" };
        let other = if self.go.is_none() { "other: { call: output.result, with: { value: other } }" } else { "" };
        let text = format!(
            "
            format: 1
            flow: attack
            interface: {{ protocol: websocket }}
            start: it
            nodes:
              it: {{ {does} }}
              done: {{ call: output.result, with: {{ value: '{result}' }} }}
              {other}
            "
        );
        Flow::text(&text).with_component("guest", self.component())
    }
}

/// A component of a core module and a world.
fn component(core: &str, world: &str) -> Vec<u8> {
    let mut resolve = Resolve::new();
    resolve.push_dir(repository("wit")).unwrap();
    let package = resolve.push_str("guest.wit", world).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let mut module = wat::parse_str(core).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}
