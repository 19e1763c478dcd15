//! The components that the program carries.

/// The bytes of a component that is part of the program.
pub(crate) struct Embedded {
    /// Its own name, which flows call it by unless the project renames it.
    pub(crate) name: &'static str,
    /// Its file.
    pub(crate) bytes: &'static [u8],
}

/// By name. Empty in a program that was built without them.
pub(crate) static COMPONENTS: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/components.rs"));

/// A component by its own name.
pub(crate) fn component(name: &str) -> Option<&'static Embedded> {
    COMPONENTS.iter().find(|embedded| embedded.name == name)
}

/// Their names, for messages.
pub(crate) fn listed() -> String {
    match COMPONENTS {
        [] => "none".into(),
        components => components.iter().map(|embedded| embedded.name).collect::<Vec<_>>().join(", "),
    }
}
