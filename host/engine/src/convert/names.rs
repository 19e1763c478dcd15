//! Names of WIT, and as flows write them: what is found by either.

use std::fmt::Write as _;
use std::sync::Arc;

use sandgate_flow::catalog::in_flow;

/// A name in both forms.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// As WIT has it.
    pub(super) wit: Arc<str>,
    /// As flows write it.
    pub(super) flow: Arc<str>,
}

/// What has names: the cases of a variant or an enum, flags.
#[derive(Debug)]
pub(super) struct Named<T> {
    /// In the order of WIT.
    items: Box<[(Name, T)]>,
    /// The places of the items, by their names in flows.
    by_flow: Box<[(Arc<str>, usize)]>,
    /// The same, by their names in WIT.
    by_wit: Box<[(Arc<str>, usize)]>,
}

impl Name {
    /// Most names are the same in both forms, and are not copied.
    pub(super) fn new(wit: &Arc<str>) -> Self {
        let flow = if wit.contains('-') { in_flow(wit).into() } else { Arc::clone(wit) };
        Self { wit: Arc::clone(wit), flow }
    }
}

impl<T> Named<T> {
    pub(super) fn new(items: impl IntoIterator<Item = (Name, T)>) -> Self {
        let items: Box<[_]> = items.into_iter().collect();
        let sorted = |form: fn(&Name) -> &Arc<str>| {
            let mut places: Box<[_]> =
                items.iter().enumerate().map(|(place, (name, _))| (Arc::clone(form(name)), place)).collect();
            places.sort_unstable();
            places
        };
        Self { by_flow: sorted(|name| &name.flow), by_wit: sorted(|name| &name.wit), items }
    }

    /// In the order of WIT.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Name, T)> {
        self.items.iter()
    }

    pub(super) fn by_flow(&self, name: &str) -> Option<&(Name, T)> {
        find(&self.by_flow, name).and_then(|place| self.items.get(place))
    }

    pub(super) fn by_wit(&self, name: &str) -> Option<&(Name, T)> {
        find(&self.by_wit, name).and_then(|place| self.items.get(place))
    }

    /// What to say of a name that is none of these.
    pub(super) fn unknown(&self, what: &str, given: &str) -> String {
        unknown(what, given, self.items.iter().map(|(name, _)| &*name.flow))
    }
}

fn find(places: &[(Arc<str>, usize)], name: &str) -> Option<usize> {
    let at = places.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
    places.get(at).map(|(_, place)| *place)
}

/// "there is no `what` `given`; there is ...", for messages.
pub(super) fn unknown<'a>(what: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.map(|name| format!("`{name}`")).collect();
    let mut message = format!("there is no {what} `{given}`");
    if known.is_empty() {
        let _ = write!(message, ", nor any other");
    } else {
        let _ = write!(message, "; there is {}", known.join(", "));
    }
    message
}
