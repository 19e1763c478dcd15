//! What bounds one component, each below the engine's bound of the same name.

use super::Limits;

const MIB: u64 = 1024 * 1024;

/// One list, since all of it is the same for each bound: what it is called, what it is for, and its default.
macro_rules! bounds {
    ($($(#[doc = $doc:literal])* $name:ident = $default:expr;)*) => {
        /// The bounds of one component. Each is at most the engine's of the same name; the defaults suit a component
        /// that somebody else has written.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        pub struct Component {
            $($(#[doc = $doc])* pub $name: u64,)*
        }

        impl Component {
            /// What they are called.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// The bound of this name; none if there is none.
            pub fn named(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }

            /// Of each bound the lower.
            pub fn lower(&self, other: &Self) -> Self {
                Self { $($name: self.$name.min(other.$name),)* }
            }
        }

        impl Default for Component {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl From<&Limits> for Component {
            /// The most that the engine lets a component have.
            fn from(limits: &Limits) -> Self {
                Self { $($name: limits.$name as u64,)* }
            }
        }
    };
}

bounds! {
    /// Linear memory of one instance, all its memories together.
    memory_bytes_max = 128 * MIB;
    /// Elements of the tables of one instance, all together.
    table_elements_max = 20_000;
    /// Core instances in one instance.
    core_instances_max = 8;
    /// Handles to resources that one instance holds at once.
    handles_max = 10_000;
    /// CPU time of one activation.
    activation_cpu_ms_max = 1_000;
    /// How long one activation may be awake, or wait for the host.
    activation_wall_ms_max = 2 * 60 * 60 * 1_000;
    /// Host calls of one activation.
    activation_host_calls_max = 100_000;
    /// What the host takes from a guest in one call, as it lies in the host's memory.
    crossing_bytes_max = MIB;
    /// Size of one push, as text or bytes.
    push_bytes_max = MIB;
    /// What one activation may push in all.
    activation_push_bytes_max = 64 * MIB;
    /// Size of one output, as JSON.
    output_bytes_max = MIB;
    /// Length of one log line.
    log_line_bytes_max = 4 * 1024;
    /// Log lines of one activation.
    activation_log_lines_max = 1_000;
    /// What the log lines of one activation may hold.
    activation_log_bytes_max = MIB;
    /// What all activations together may write to the log in a second, once they have written a burst.
    log_bytes_per_second_max = 64 * 1024;
    /// What they may write at once, after they have been silent.
    log_burst_bytes_max = MIB;
    /// How long one sleep may take: a year.
    sleep_ms_max = 365 * 24 * 60 * 60 * 1_000;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_components_defaults_are_within_the_engines() {
        let defaults = Component::default();
        assert_eq!(defaults.lower(&Component::from(&Limits::default())), defaults);
    }
}
