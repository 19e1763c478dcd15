//! A plan's nodes, bound to what they call: names are looked up once a run, not at each call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sandgate_flow::catalog::Activity;
use sandgate_flow::plan::{self, Kind, Node, NodeIndex, Plan};
use wasmtime::component::ComponentExportIndex;

use super::Refused;
use crate::capability::bindings::sandgate::flow::branches::Branch;
use crate::registry::{Component, Components, Exported, Waits};

/// What each node of a plan calls.
pub(crate) struct Bound(Box<[Callee]>);

/// What a node calls.
pub(crate) struct Callee {
    pub(crate) component: Component,
    function: Function,
    /// An activation of this node did not return at once: the next ones are not entered so.
    slow: AtomicBool,
}

enum Function {
    /// The place of a function.
    Activity(usize),
    /// The branches, without their configuration.
    Gateway(Vec<Branch>),
}

impl Bound {
    /// # Errors
    ///
    /// A component is not there: it may have been taken away, or exchanged, since the flow was checked.
    pub(crate) fn new(plan: &Plan, components: &Components) -> Result<Self, Refused> {
        let callee =
            |node: &Node| callee(node, components).ok_or_else(|| Refused::Component(Arc::clone(&node.component)));
        plan.nodes.iter().map(callee).collect::<Result<_, _>>().map(Self)
    }

    /// What a node calls; none for one of another plan.
    pub(crate) fn callee(&self, node: NodeIndex) -> Option<&Callee> {
        self.0.get(node.position())
    }
}

fn callee(node: &Node, components: &Components) -> Option<Callee> {
    let component = components.get(&node.component)?;
    let function = match &node.kind {
        Kind::Call(call) => Function::Activity(component.find(&call.interface, &call.function)?),
        Kind::Gateway(gateway) => {
            component.gateway()?;
            Function::Gateway(gateway.branches.iter().map(branch).collect())
        }
    };
    Some(Callee { component: component.clone(), function, slow: AtomicBool::new(false) })
}

fn branch(branch: &plan::Branch) -> Branch {
    Branch { name: branch.name.clone(), is_default: branch.condition.is_none(), config: None }
}

impl Callee {
    /// The function; none if the node is a gateway.
    pub(crate) fn activity(&self) -> Option<(&Activity, &Exported)> {
        match self.function {
            Function::Activity(at) => self.component.activity(at),
            Function::Gateway(_) => None,
        }
    }

    /// The gateway's function, and the branches without their configuration; none if the node is a call.
    pub(crate) fn gateway(&self) -> Option<(&ComponentExportIndex, &[Branch])> {
        match &self.function {
            Function::Gateway(branches) => self.component.gateway().map(|export| (export, branches.as_slice())),
            Function::Activity(_) => None,
        }
    }

    /// Whether an activation of it is entered at once.
    pub(crate) fn is_at_once(&self) -> bool {
        self.component.waits() == Waits::Never && !self.slow.load(Ordering::Relaxed)
    }

    /// Notes that one did not return at once.
    pub(crate) fn note_slow(&self) {
        self.slow.store(true, Ordering::Relaxed);
    }
}
