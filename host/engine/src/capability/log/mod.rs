//! `log`: write to the host's log.

mod rate;

use sandgate_flow::diagnostic::printable;
use tracing::Level;

use super::Host;
use super::bindings::sandgate::flow::log as wit;
use crate::limits;

pub(crate) use rate::Rate;
use rate::{Dropped, Order, Taken};

impl wit::Host for Host {
    /// Lines that the log's reader does not want count for nothing. Of the others, those beyond the limits of an
    /// activation are dropped, and the last one that is written says so; those beyond the rate of the component as well,
    /// and the host says so.
    fn log(&mut self, level: wit::Level, message: String) -> wasmtime::Result<()> {
        self.enter()?;
        if !is_wanted(level) {
            return Ok(());
        }
        let Some(line) = self.next_line(&message) else { return Ok(()) };
        // When it is run again, the line was written before.
        let written = self.caller.log_lines <= self.caller.log_lines_written || self.caller.past.is_again();
        if !written && self.has_room_for(&line) {
            let node = self.caller.core.plan.node(self.caller.node);
            write(level, self.caller.core.run, &node.id, &node.component, &line);
        }
        Ok(())
    }
}

impl Host {
    /// The line as it is written, counted; none if the activation has written too much.
    fn next_line(&mut self, message: &str) -> Option<String> {
        let limits = &self.allowance.limits;
        let caller = &mut self.caller;
        let (lines_max, bytes_max) = (limits.activation_log_lines_max, limits.activation_log_bytes_max);
        if caller.log_lines >= lines_max || caller.log_bytes >= bytes_max {
            return None;
        }
        let mut line = line(message, limits);
        caller.log_lines += 1;
        caller.log_bytes = caller.log_bytes.saturating_add(line.len() as u64);
        if caller.log_bytes >= bytes_max {
            line.push_str(&last("activation_log_bytes_max", bytes_max));
        } else if caller.log_lines == lines_max {
            line.push_str(&last("activation_log_lines_max", lines_max));
        }
        Some(line)
    }

    /// Whether the component may write a line now. If it may not any more, or may again, the host's own log says so.
    fn has_room_for(&self, line: &str) -> bool {
        let node = self.caller.core.plan.node(self.caller.node);
        let limits = self.limits();
        let (component, limit) = (&*node.component, limits.log_bytes_per_second_max);
        let taken = self.allowance.log.take(self.caller.core.clock.now(), line.len(), limits);
        match taken {
            Taken::Written(Some(Dropped { lines, bytes })) => tracing::warn!(
                "component {component} has slowed down: {lines} of its log lines, {bytes} bytes, were dropped: \
                 log_bytes_per_second_max is {limit}"
            ),
            Taken::Dropped(Order::First) => tracing::warn!(
                "component {component} logs too fast, at node {}: its lines are dropped until it has slowed down: \
                 log_bytes_per_second_max is {limit}",
                node.id
            ),
            Taken::Written(None) | Taken::Dropped(Order::Later) => {}
        }
        matches!(taken, Taken::Written(_))
    }
}

fn last(limit: &str, value: u64) -> String {
    format!(" [further lines of this activation are dropped: {limit} is {value}]")
}

/// A line without control characters, cut to a length at a character's border.
fn line(message: &str, limits: &limits::Component) -> String {
    let bytes_max = limits.log_line_bytes_max;
    let cut = message.floor_char_boundary(usize::try_from(bytes_max).unwrap_or(usize::MAX));
    let (kept, rest) = message.split_at(cut);
    let mut line = printable(kept);
    if !rest.is_empty() {
        line.push_str(&format!(" [{} bytes more: log_line_bytes_max is {bytes_max}]", rest.len()));
    }
    line
}

fn is_wanted(level: wit::Level) -> bool {
    match level {
        wit::Level::Trace => tracing::enabled!(target: "component", Level::TRACE),
        wit::Level::Debug => tracing::enabled!(target: "component", Level::DEBUG),
        wit::Level::Info => tracing::enabled!(target: "component", Level::INFO),
        wit::Level::Warn => tracing::enabled!(target: "component", Level::WARN),
        wit::Level::Error => tracing::enabled!(target: "component", Level::ERROR),
    }
}

fn write(level: wit::Level, run: sandgate_flow::event::RunId, node: &str, component: &str, line: &str) {
    match level {
        wit::Level::Trace => tracing::trace!(target: "component", %run, node, component, "{line}"),
        wit::Level::Debug => tracing::debug!(target: "component", %run, node, component, "{line}"),
        wit::Level::Info => tracing::info!(target: "component", %run, node, component, "{line}"),
        wit::Level::Warn => tracing::warn!(target: "component", %run, node, component, "{line}"),
        wit::Level::Error => tracing::error!(target: "component", %run, node, component, "{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(message: &str, log_line_bytes_max: u64) -> String {
        line(message, &limits::Component { log_line_bytes_max, ..Default::default() })
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(cut("a\n\u{1b}[31mb", 100), "a\\n\\u{1b}[31mb");
    }

    #[test]
    fn a_long_line_is_cut_at_a_character_and_says_so() {
        assert_eq!(cut("aöb", 2), "a [3 bytes more: log_line_bytes_max is 2]");
    }
}
