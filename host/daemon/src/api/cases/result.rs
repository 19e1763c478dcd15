//! What came of a case, as it is shown.

use std::sync::Arc;
use std::time::Duration;

use sandgate_flow::Plan;
use sandgate_flow::cases::{Observed, ObservedPush};
use sandgate_flow::event::RunId;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::api::runs::activation::{Showing, ShownActivation};
use crate::api::runs::followed::Followed;
use crate::api::runs::shown::{self, Ended};
use crate::server::Serving;
use crate::tested::Tested;

/// What came of a case.
#[derive(Serialize, ToSchema)]
pub(super) struct CaseResult {
    /// The case's name.
    name: String,
    /// `passed`, `failed`, or `shown`: it expects nothing, and did not fail.
    status: &'static str,
    /// What the run was started with.
    input: Json,
    /// Every push, in order.
    pushes: Vec<CasePush>,
    /// How the run ended; null if none was started.
    end: Option<Ended>,
    /// How long it took, on its own clock.
    duration_ms: f64,
    /// How it differs from what is expected: lines that begin with `-` were expected, those with `+` came instead.
    differences: Vec<String>,
    /// What each activation was given, returned and cost, in the order in which they began.
    activations: Vec<ShownActivation>,
    /// Whether there were more of them.
    truncated: bool,
}

/// A push that came.
#[derive(Serialize, ToSchema)]
struct CasePush {
    /// When, since the start of the run, on its own clock.
    at_ms: f64,
    /// Whom it was for: `everyone`, `client:<id>`.
    to: String,
    message: Json,
}

impl CaseResult {
    pub(super) async fn new(serving: &Serving, plan: &Arc<Plan>, tested: Tested, input: Json, expects: bool) -> Self {
        let Tested { case, observed, differences, .. } = tested;
        let bytes_max = serving.limits().trace_value_bytes_max;
        let (activations, truncated) = match &observed {
            Some(observed) => trace(serving, plan, observed.run).await,
            None => (Vec::new(), false),
        };
        let pushes = observed.iter().flat_map(|it| it.pushes.iter().map(|push| CasePush::new(push, bytes_max)));
        Self {
            name: case,
            status: status(&differences, expects),
            input,
            pushes: pushes.collect(),
            end: observed.as_ref().map(|it| Ended::of(&it.outcome, bytes_max)),
            duration_ms: observed.as_ref().map_or(0.0, |it: &Observed| milliseconds(it.duration)),
            differences,
            activations,
            truncated,
        }
    }

    pub(super) fn status(&self) -> &'static str {
        self.status
    }
}

fn status(differences: &[String], expects: bool) -> &'static str {
    match (differences.is_empty(), expects) {
        (false, _) => "failed",
        (true, true) => "passed",
        (true, false) => "shown",
    }
}

/// The first page of its trace. What cannot be had any more is not shown: of a run with very many events the journal in memory
/// keeps the last.
async fn trace(serving: &Serving, plan: &Arc<Plan>, run: RunId) -> (Vec<ShownActivation>, bool) {
    let limits = serving.limits();
    let showing = Showing { plan: Arc::clone(plan), bytes_max: limits.trace_value_bytes_max };
    let limit = limits.trace_page_max;
    let Ok(mut followed) = Followed::new(serving.server.aside.clone(), run, showing).await else {
        return (Vec::new(), true);
    };
    if followed.follow(0, limit).await.is_err() {
        return (Vec::new(), true);
    }
    let page = followed.page(0, limit);
    let begins = page.activations.first().is_none_or(|first| first.activation == 0);
    (page.activations, page.next.is_some() || !begins)
}

impl CasePush {
    fn new(push: &ObservedPush, bytes_max: usize) -> Self {
        let message = shown::value(&push.message, bytes_max);
        Self { at_ms: milliseconds(push.at), to: push.to.clone(), message }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
