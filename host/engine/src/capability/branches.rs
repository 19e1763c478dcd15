//! `branches`: whether the conditions of a gateway's branches hold.

use sandgate_flow::plan::Kind;

use super::Host;
use super::bindings::sandgate::flow::branches as wit;

impl wit::Host for Host {
    /// Evaluated on the data of the activation, so the answer need not be recorded.
    fn holds(&mut self, index: u32) -> wasmtime::Result<Result<bool, String>> {
        let caller = self.enter()?;
        let (Kind::Gateway(gateway), Some(data)) = (&caller.core.plan.node(caller.node).kind, &caller.data) else {
            return Ok(Err("only a gateway has branches".to_owned()));
        };
        let branch = usize::try_from(index).ok().and_then(|index| gateway.branches.get(index));
        Ok(match branch {
            None => Err(format!("there is no branch {index}: there are {}", gateway.branches.len())),
            Some(branch) => match &branch.condition {
                None => Ok(false),
                Some(condition) => condition.holds(data).map_err(|error| format!("branch {:?}: {error}", branch.name)),
            },
        })
    }
}
