//! `cargo xtask tidy`: the house rules that a program can check.

mod rules;
mod tree;

use std::fmt;

use crate::Result;
use crate::process::root;
use tree::Tree;

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    /// The file, from the root of the repository.
    path: String,
    /// Its line, from 1; none where the whole file is meant.
    line: Option<usize>,
    message: String,
}

/// As editors and terminals link it.
impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// Checks every rule, and shows all breaches at once.
///
/// # Errors
///
/// A rule is broken, or the sources cannot be read.
pub(crate) fn run() -> Result {
    let tree = Tree::read(root())?;
    let breaches: Vec<_> = rules::ALL.iter().flat_map(|rule| rule(&tree)).collect();
    for breach in &breaches {
        println!("{breach}");
    }
    match breaches.len() {
        0 => Ok(()),
        count => Err(format!("the house rules are broken in {count} places")),
    }
}
