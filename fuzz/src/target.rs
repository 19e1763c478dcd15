//! The targets, by name.

use std::path::Path;

use crate::{component, document, expression, frame, message, value};

/// What becomes of an input on which nothing goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken, and went all the way.
    Accepted,
    /// It was refused in words.
    Refused(String),
}

impl Verdict {
    /// Refused for the first of these reasons.
    pub(crate) fn refused<T: ToString>(reasons: &[T]) -> Self {
        Self::Refused(reasons.first().map(ToString::to_string).unwrap_or_default())
    }
}

/// Something that takes what strangers send.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its module, of its corpus, and of its program for libFuzzer.
    pub name: &'static str,
    /// Does with these bytes what production does; panics where it finds something.
    pub run: fn(&[u8]) -> Verdict,
    /// What the bytes stand for, as a file of the corpus would have it where the input can be written as it is.
    pub show: fn(&[u8]) -> Vec<u8>,
    /// How many generated inputs `cargo test` takes: a few seconds.
    pub inputs: u64,
    /// The longest of these inputs.
    pub bytes_max: usize,
    /// In so many of a hundred of them or more there must be nothing to refuse, or a generator has come off the road.
    pub accepted_percent_min: usize,
}

/// All of them.
pub const ALL: [Target; 6] = [
    Target {
        name: "document",
        run: document::run,
        show: document::show,
        inputs: 600,
        bytes_max: 2_048,
        accepted_percent_min: 10,
    },
    Target {
        name: "expression",
        run: expression::run,
        show: expression::show,
        inputs: 2_000,
        bytes_max: 2_048,
        accepted_percent_min: 10,
    },
    Target {
        name: "value",
        run: value::run,
        show: value::show,
        inputs: 4_000,
        bytes_max: 1_024,
        accepted_percent_min: 50,
    },
    Target {
        name: "message",
        run: message::run,
        show: message::show,
        inputs: 4_000,
        bytes_max: 1_024,
        accepted_percent_min: 4,
    },
    Target {
        name: "frame",
        run: frame::run,
        show: frame::show,
        inputs: 4_000,
        bytes_max: 1_024,
        accepted_percent_min: 20,
    },
    Target {
        name: "component",
        run: component::run,
        show: component::show,
        inputs: 80,
        bytes_max: 8_192,
        accepted_percent_min: 30,
    },
];

impl Target {
    /// Runs an input, which lies in target/fuzz/last meanwhile, by the target's name: of a process that dies of it nothing
    /// else is left.
    pub fn take(&self, input: &[u8]) -> Verdict {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz/last");
        let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(self.name), input));
        kept.expect("target/fuzz/last can be written to");
        (self.run)(input)
    }

    /// The target of this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.into_iter().find(|target| target.name == name)
    }
}
