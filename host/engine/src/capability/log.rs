//! `log`: write to the host's log.

use sandgate_flow::diagnostic::printable;

use super::Host;
use super::bindings::sandgate::flow::log as wit;

impl wit::Host for Host {
    /// Lines beyond the limit of an activation are dropped; the last one that is written says so.
    fn log(&mut self, level: wit::Level, message: String) -> wasmtime::Result<()> {
        let lines_max = self.limits().activation_log_lines_max;
        let line_bytes_max = self.limits().log_line_bytes_max;
        let caller = self.enter()?;
        caller.log_lines += 1;
        // When it is run again, the line was written before.
        let written = caller.log_lines <= caller.log_lines_written || caller.past.is_again();
        if caller.log_lines > lines_max || written {
            return Ok(());
        }
        let mut line = line(&message, line_bytes_max);
        if caller.log_lines == lines_max {
            line.push_str(" [further lines of this activation are dropped]");
        }
        let node = caller.core.plan.node(caller.node);
        write(level, caller.core.run, &node.id, &node.component, &line);
        Ok(())
    }
}

/// A line without control characters, cut to a length at a character's border.
fn line(message: &str, bytes_max: usize) -> String {
    let cut = message.floor_char_boundary(bytes_max);
    let (kept, rest) = message.split_at(cut);
    let mut line = printable(kept);
    if !rest.is_empty() {
        line.push_str(&format!(" [{} bytes more]", rest.len()));
    }
    line
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
    use super::line;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(line("a\n\u{1b}[31mb", 100), "a\\n\\u{1b}[31mb");
    }

    #[test]
    fn a_long_line_is_cut_at_a_character_and_says_so() {
        assert_eq!(line("aöb", 2), "a [3 bytes more]");
    }
}
