//! Cases that are run, and what came of them: for `sandgate test` and for the Studio.

use std::sync::Arc;

use sandgate_engine::{Components, Engine, simulation};
use sandgate_flow::cases::{self, Case, Observed};
use sandgate_flow::check::InputProblem;
use sandgate_flow::event::Outcome;
use sandgate_flow::{Plan, Value};

/// What came of a case.
pub(crate) struct Tested {
    /// The flow.
    pub(crate) flow: Arc<str>,
    /// The case's name.
    pub(crate) case: String,
    /// None where no run was started.
    pub(crate) observed: Option<Observed>,
    /// How it differs from what is expected; nothing if the case passes.
    pub(crate) differences: Vec<String>,
}

/// Runs a case on virtual time. Whoever drops this cancels its run.
pub(crate) async fn test(engine: &Engine, plan: &Arc<Plan>, components: &Arc<Components>, case: Case) -> Tested {
    let flow = Arc::clone(&plan.flow);
    match simulate(engine, plan, components, &case).await {
        Ok(observed) => {
            let differences = differences(&case, &observed);
            Tested { flow, case: case.name, observed: Some(observed), differences }
        }
        Err(difference) => Tested { flow, case: case.name, observed: None, differences: vec![difference] },
    }
}

async fn simulate(
    engine: &Engine,
    plan: &Arc<Plan>,
    components: &Arc<Components>,
    case: &Case,
) -> Result<Observed, String> {
    let input = plan.interface.input.accept(case.input.clone()).map_err(|problems| {
        let listed = problems.iter().map(InputProblem::to_string).collect::<Vec<_>>();
        format!("the input does not fit: {}", listed.join("; "))
    })?;
    let simulated = engine.simulate(simulation::Case {
        plan: Arc::clone(plan),
        components: Arc::clone(components),
        input,
        message: case.message.clone().unwrap_or(Value::Null),
        client: case.client.clone(),
    });
    simulated.await.map_err(|refused| refused.to_string())
}

/// Nobody expects a run to fail unless they say so.
fn differences(case: &Case, observed: &Observed) -> Vec<String> {
    let differences = case.expect.as_ref().map(|expect| cases::compare(expect, observed)).unwrap_or_default();
    let expects_error = case.expect.as_ref().is_some_and(|expect| expect.error.is_some());
    match &observed.outcome {
        Outcome::Failed(failure) if differences.is_empty() && !expects_error => vec![format!("+ failed: {failure}")],
        _ => differences,
    }
}
