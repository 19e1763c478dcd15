//! Every bound of the daemon, in one place.

use std::time::Duration;

use crate::config::Lowered;

/// The bounds of the daemon, and within it the engine's. Each name ends in its unit, or counts things.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Those of the engine.
    pub(crate) engine: sandgate_engine::Limits,
    /// What a component of the project's own may use, unless it has limits of its own.
    #[serde(skip_serializing)]
    pub(crate) component: Lowered,
    /// Size of a flow document or of a file of cases.
    pub(crate) source_bytes_max: usize,
    /// Pushes of `sandgate run` that wait to be printed. Beyond that the component is told that nobody reads.
    pub(crate) printed_pushes_max: usize,
    /// Connections at once, WebSocket sessions among them. More wait in the kernel's queue.
    pub(crate) connections_max: usize,
    /// The longest pause after a connection could not be accepted.
    pub(crate) accept_pause_ms_max: u64,
    /// How long the head of an HTTP request may take to arrive, and a connection that is kept alive be idle.
    pub(crate) header_read_ms_max: u64,
    /// Size of the head of an HTTP request.
    pub(crate) header_bytes_max: usize,
    /// How long the body of an HTTP request may take to arrive.
    pub(crate) body_read_ms_max: u64,
    /// Size of one JSON-RPC message from a client, and of the body of `POST /run`.
    pub(crate) message_bytes_max: usize,
    /// Size of one message from a client where the framing is raw.
    pub(crate) raw_message_bytes_max: usize,
    /// What one client may have waiting to be sent to it: four of the largest messages. One message that is alone in
    /// the queue may be larger.
    pub(crate) queue_bytes_max: usize,
    /// How many messages one client may have waiting.
    pub(crate) queue_entries_max: usize,
    /// A larger message is sent to a session in parts, each of which is to be written in time. So much is written to a
    /// session at once, and each thread has a buffer for it.
    pub(crate) fragment_bytes_max: usize,
    /// A session's read buffer, which it has for as long as it lasts.
    pub(crate) read_buffer_bytes: usize,
    /// How long one part of a message, or as much of small ones, may take to be written, before its client counts as one
    /// that does not read.
    pub(crate) write_ms_max: u64,
    /// A session from which nothing was received for so long is sent a ping.
    pub(crate) ping_every_ms: u64,
    /// How long the answer to a ping may take.
    pub(crate) pong_ms_max: u64,
    /// Runs on one page of them.
    pub(crate) runs_page_max: usize,
    /// Activations on one page of a trace.
    pub(crate) trace_page_max: usize,
    /// What is shown of one value in a trace.
    pub(crate) trace_value_bytes_max: usize,
    /// How long what is said is held back from a session that names its client and has not asked for anything yet: it may
    /// want what it missed first.
    pub(crate) resume_wait_ms: u64,
    /// How long it may take to say goodbye: to send a close frame, and then for the client to close.
    pub(crate) close_ms_max: u64,
    /// How long connections have to end when the daemon stops.
    pub(crate) drain_ms_max: u64,
    /// Runs under way that one session started.
    pub(crate) runs_per_session_max: usize,
    /// How long a message waits for one of them to end, where the framing is raw.
    pub(crate) run_wait_ms_max: u64,
    /// Clients that are away whose channels are remembered, on each interface. Whoever left first is forgotten first.
    pub(crate) clients_away_max: usize,
    /// Length of what is said of a version when it is published.
    pub(crate) version_message_chars_max: usize,
    /// Versions in one page of a list of them.
    pub(crate) versions_page_max: usize,
    /// Drafts that are tried at once.
    pub(crate) trials_max: usize,
    /// Requests at once that run cases.
    pub(crate) case_requests_max: usize,
    /// How long a case may take, on the clock of the wall.
    pub(crate) case_wall_ms_max: u64,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Default for Limits {
    fn default() -> Self {
        Self {
            engine: sandgate_engine::Limits::default(),
            component: Lowered::default(),
            source_bytes_max: MIB,
            printed_pushes_max: 10_000,
            connections_max: 10_000,
            accept_pause_ms_max: 1_000,
            header_read_ms_max: 30_000,
            header_bytes_max: 16 * KIB,
            body_read_ms_max: 60_000,
            message_bytes_max: MIB,
            raw_message_bytes_max: 16 * MIB,
            queue_bytes_max: 64 * MIB,
            queue_entries_max: 16_384,
            fragment_bytes_max: 64 * KIB,
            read_buffer_bytes: 4 * KIB,
            write_ms_max: 30_000,
            ping_every_ms: 20_000,
            pong_ms_max: 20_000,
            runs_page_max: 100,
            trace_page_max: 1_000,
            trace_value_bytes_max: 16 * KIB,
            resume_wait_ms: 500,
            close_ms_max: 5_000,
            drain_ms_max: 10_000,
            runs_per_session_max: 1_024,
            run_wait_ms_max: 10_000,
            clients_away_max: 10_000,
            version_message_chars_max: 1_000,
            versions_page_max: 100,
            trials_max: 16,
            case_requests_max: 4,
            case_wall_ms_max: 10_000,
        }
    }
}

/// So many milliseconds.
pub(crate) const fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value as Json;

    use super::Limits;

    const OPERATIONS: &str = include_str!("../../../docs/operations.md");

    /// What the machine decides; of these the page says how.
    const OF_THE_MACHINE: [&str; 3] = ["instances_live_max", "compiles_max", "guest_threads"];

    /// Limits by name, with their defaults; none where the machine decides.
    type Defaults = BTreeMap<String, Option<u64>>;

    fn defaults(section: &Json) -> Defaults {
        let limits = section.as_object().unwrap().iter().filter(|(_, default)| !default.is_object());
        let of_all = |name: &String| !OF_THE_MACHINE.contains(&name.as_str());
        limits.map(|(name, default)| (name.clone(), default.as_u64().filter(|_| of_all(name)))).collect()
    }

    /// The rows of the table below this heading: a name between backticks, then the default as TOML writes it.
    fn documented(heading: &str) -> Defaults {
        let (_, section) = OPERATIONS.split_once(heading).unwrap();
        let (table, _) = section.split_once("\n###").unwrap_or((section, ""));
        let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
        rows.map(|(name, cells)| (name.to_owned(), number(cells))).collect()
    }

    fn number(cell: &str) -> Option<u64> {
        let digits = cell.chars().take_while(|it| it.is_ascii_digit() || *it == '_').filter(|it| *it != '_');
        digits.collect::<String>().parse().ok()
    }

    #[test]
    fn the_operators_page_has_every_limit_with_its_default() {
        let limits = serde_json::to_value(Limits::default()).unwrap();
        assert_eq!(documented("\n### `[limits]`\n"), defaults(&limits));
        assert_eq!(documented("\n### `[limits.engine]`\n"), defaults(&limits["engine"]));
        assert_eq!(documented("\n### `[limits.engine.journal]`\n"), defaults(&limits["engine"]["journal"]));
        let of_components = serde_json::to_value(sandgate_engine::limits::Component::default()).unwrap();
        assert_eq!(documented("\n### `[limits.component]`\n"), defaults(&of_components));
    }
}
