//! Guests that misbehave harm nobody but their own runs.

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::http;
use crate::support::project::Project;
use crate::support::session::Session;

const LIMITS: &str = "
    [limits.engine]
    activation_cpu_ms_max = 50
    memory_bytes_max = 16777216
    ";

const FALLIBLE: &str = "
    format: 1
    flow: fallible
    interface:
      protocol: websocket
      input: { fail: { type: [string, 'null'], default: null } }
    start: brew
    nodes:
      brew:
        call: fallible.go
        with:
          order: { item: tea, cup_size: large, extras: [milk], payment: cash, prices: [[cup, 1.5], [milk, 0.5]] }
          fail: '${input.fail}'
        next: done
      done: { call: output.result, with: { value: '${brew.total}' } }
    ";

const TWO_NAPS: &str = "
    format: 1
    flow: two_naps
    interface: { protocol: websocket }
    start: first
    nodes:
      first: { call: naps.go, with: { milliseconds: 5 }, next: second }
      second: { call: naps.go, with: { milliseconds: 5 }, next: done }
      done: { call: output.result, with: { value: '${second}' } }
    ";

/// A guest, and how the run fails that calls it.
struct Misbehaviour {
    guest: &'static str,
    message: &'static str,
    limit: Option<(&'static str, u64)>,
}

const MISBEHAVIOURS: [Misbehaviour; 4] = [
    Misbehaviour { guest: "trap", message: "trapped: wasm trap: wasm `unreachable` instruction executed", limit: None },
    Misbehaviour { guest: "spin", message: "used up its CPU time", limit: Some(("activation_cpu_ms_max", 50)) },
    Misbehaviour { guest: "hoard", message: "wanted ", limit: Some(("memory_bytes_max", 16_777_216)) },
    Misbehaviour { guest: "recurse", message: "used up its stack", limit: Some(("stack_bytes_max", 524_288)) },
];

/// Serves a flow that calls it for each guest that misbehaves, and a countdown.
fn serve() -> anyhow::Result<Daemon> {
    let mut project = Project::of(&[("sandgate.toml", LIMITS)])?.with_countdown()?;
    for Misbehaviour { guest, .. } in MISBEHAVIOURS {
        let flow = format!(
            "{{ format: 1, flow: {guest}, interface: {{ protocol: websocket }}, start: it, \
               nodes: {{ it: {{ call: {guest}.go }} }} }}"
        );
        project.write(&format!("flows/{guest}.yaml"), &flow)?;
        project = project.with_guest(guest)?;
    }
    project.serve(&[])
}

impl Misbehaviour {
    /// Runs the guest, again and again, until the countdown is over.
    async fn beside(&self, daemon: &Daemon, countdown: &tokio::sync::watch::Receiver<bool>) -> anyhow::Result<()> {
        let mut session = Session::open(daemon, self.guest).await?;
        loop {
            let error = session.refused("run", json!({})).await?;
            self.check(&error);
            assert_eq!(http::get(daemon, "/readyz")?.status, 200);
            if *countdown.borrow() {
                return Ok(());
            }
        }
    }

    /// The error names flow, node, component and limit, for people and for programs.
    fn check(&self, error: &Json) {
        let Self { guest, message, limit } = self;
        let text = error["message"].as_str().unwrap();
        assert!(text.starts_with(&format!("flow {guest}: node it (component {guest}): {message}")), "{text}");
        let data = &error["data"];
        assert_eq!([&data["flow"], &data["node"], &data["component"]], [guest, "it", guest]);
        match limit {
            None => assert_eq!(data["kind"], "trap"),
            Some((limit, value)) => {
                assert!(text.ends_with(&format!(": {limit} is {value}")), "{text}");
                assert_eq!(
                    [&data["kind"], &data["limit"], &data["value"]],
                    [&json!("limit"), &json!(limit), &json!(value)]
                );
            }
        }
    }
}

#[tokio::test]
async fn a_countdown_stays_complete_beside_four_guests_that_misbehave() -> anyhow::Result<()> {
    /// The most that one of them may hold while it runs.
    const OF_A_GUEST_KIB: usize = 16 * 1024;
    let daemon = serve()?;
    all_at_once(&daemon).await?;
    let after_one = resident_kib(&daemon)?;
    all_at_once(&daemon).await?;
    all_at_once(&daemon).await?;
    let after_three = resident_kib(&daemon)?;
    assert!(after_three < after_one + OF_A_GUEST_KIB, "{after_one} KiB, then {after_three} KiB");
    Ok(())
}

/// What the kernel says that the daemon's process holds.
fn resident_kib(daemon: &Daemon) -> anyhow::Result<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", daemon.pid()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel does not say")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Runs all of them until a countdown beside them is over.
async fn all_at_once(daemon: &Daemon) -> anyhow::Result<()> {
    let mut countdown = Session::open(daemon, "countdown?client=ann").await?;
    let (over, is_over) = tokio::sync::watch::channel(false);
    let count = async {
        countdown.start(json!({ "a": 3 })).await?;
        let pushes = countdown.until("output everyone").await?;
        over.send(true)?;
        anyhow::Ok(pushes)
    };
    let [trap, spin, hoard, recurse] = &MISBEHAVIOURS;
    let (pushes, ..) = tokio::try_join!(
        count,
        trap.beside(daemon, &is_over),
        spin.beside(daemon, &is_over),
        hoard.beside(daemon, &is_over),
        recurse.beside(daemon, &is_over),
    )?;
    let all = ["push everyone 3", "push everyone 2", "push everyone 1", "output client:ann 0", "output everyone 0"];
    assert_eq!(pushes, all);
    assert_eq!(http::get(daemon, "/readyz")?.body, "ok");
    assert_eq!(countdown.call("run", json!({ "input": { "a": 0 } })).await?["output"], 0);
    Ok(())
}

#[tokio::test]
async fn the_log_says_which_run_failed_and_why() -> anyhow::Result<()> {
    let daemon = serve()?;
    let mut session = Session::open(&daemon, "spin").await?;
    let error = session.refused("run", json!({})).await?;
    let run = error["data"]["run"].as_str().unwrap();
    let failure = "node it (component spin): used up its CPU time: activation_cpu_ms_max is 50";
    daemon.logged(&format!("flow spin, run {run}: {failure}"))
}

#[test]
fn a_guest_that_misbehaves_is_an_error_over_http_too() -> anyhow::Result<()> {
    let answer = http::run(&serve()?, "recurse", "")?;
    let problem = answer.json()?;
    assert_eq!(answer.status, 500);
    let detail = "flow recurse: node it (component recurse): used up its stack: stack_bytes_max is 524288";
    assert_eq!(problem["detail"], detail);
    assert_eq!([&problem["node"], &problem["component"], &problem["limit"]], ["it", "recurse", "stack_bytes_max"]);
    Ok(())
}

#[tokio::test]
async fn an_error_that_a_component_returns_is_told_as_it_is() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/fallible.yaml", FALLIBLE)])?.with_guest("fallible")?.serve(&[])?;
    let mut session = Session::open(&daemon, "fallible").await?;
    let error = session.refused("run", json!({ "input": { "fail": "sold out" } })).await?;
    let message = "flow fallible: node brew (component fallible): returned the error sold out";
    assert_eq!(error["message"], message);
    assert_eq!(error["data"]["kind"], "returned");
    assert_eq!(session.call("run", json!({})).await?["output"], 2.0);
    Ok(())
}

#[tokio::test]
async fn a_component_keeps_nothing_between_activations() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/two_naps.yaml", TWO_NAPS)])?.with_guest("naps")?.serve(&[])?;
    let mut session = Session::open(&daemon, "two_naps").await?;
    assert_eq!(session.call("run", json!({})).await?["output"], 1);
    Ok(())
}
