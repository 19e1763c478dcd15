//! The clients of an interface: those that are connected, and those that were.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use sandgate_flow::event::RunId;

use super::stream::Channel;
use super::{Epochs, Outgoing};

/// A session, as its interface sees it.
pub(super) struct Member {
    /// Its id.
    pub(super) session: Arc<str>,
    /// What it is to be sent.
    pub(super) queue: Arc<Outgoing>,
    /// The runs that are cancelled when it leaves.
    pub(super) cancel_on_leave: HashSet<RunId>,
}

/// Clients by id, with their channels. A client may hold several sessions.
pub(super) struct Clients {
    epochs: Epochs,
    present: HashMap<Arc<str>, Present>,
    away: HashMap<Arc<str>, Away>,
    /// Who is away, in the order that they left.
    by_leaving: BTreeMap<u64, Arc<str>>,
    left: u64,
    away_max: usize,
}

struct Present {
    channel: Channel,
    members: Vec<Member>,
}

struct Away {
    channel: Channel,
    /// The key in [`Clients::by_leaving`].
    left: u64,
}

impl Clients {
    /// Nobody was ever there. So many that are away are remembered.
    pub(super) fn new(epochs: Epochs, away_max: usize) -> Self {
        Self { epochs, present: HashMap::new(), away: HashMap::new(), by_leaving: BTreeMap::new(), left: 0, away_max }
    }

    /// Adds a session of a client, and answers the client's channel.
    pub(super) fn join(&mut self, client: &Arc<str>, member: Member) -> &Channel {
        let back = self.away.remove(client);
        if let Some(away) = &back {
            self.by_leaving.remove(&away.left);
        }
        let epochs = &self.epochs;
        let present = self.present.entry(Arc::clone(client)).or_insert_with(|| Present {
            channel: back.map_or_else(|| Channel::of_client(client, epochs), |away| away.channel),
            members: Vec::with_capacity(1),
        });
        present.members.push(member);
        &present.channel
    }

    /// Takes a session away, and answers the runs that are to be cancelled with it.
    pub(super) fn leave(&mut self, client: &Arc<str>, session: &str) -> HashSet<RunId> {
        let Some(present) = self.present.get_mut(client) else { return HashSet::new() };
        let place = present.members.iter().position(|member| &*member.session == session);
        let left = place.map(|place| present.members.swap_remove(place));
        if present.members.is_empty()
            && let Some(present) = self.present.remove(client)
        {
            self.remember(client, present.channel);
        }
        left.map(|member| member.cancel_on_leave).unwrap_or_default()
    }

    fn remember(&mut self, client: &Arc<str>, channel: Channel) {
        self.left += 1;
        self.by_leaving.insert(self.left, Arc::clone(client));
        self.away.insert(Arc::clone(client), Away { channel, left: self.left });
        while self.by_leaving.len() > self.away_max
            && let Some((_, first)) = self.by_leaving.pop_first()
        {
            self.away.remove(&first);
        }
    }

    /// How many sessions a client has now; none if it was never seen.
    pub(super) fn sessions(&self, client: &str) -> Option<usize> {
        let present = self.present.get(client).map(|present| present.members.len());
        present.or_else(|| self.away.contains_key(client).then_some(0))
    }

    /// A client's channel and sessions. One that was forgotten, or is not known yet, begins as one that is away.
    pub(super) fn channel(&mut self, client: &Arc<str>) -> Option<(&mut Channel, &[Member])> {
        if self.sessions(client).is_none() {
            let channel = Channel::of_client(client, &self.epochs);
            self.remember(client, channel);
        }
        if let Some(present) = self.present.get_mut(client) {
            return Some((&mut present.channel, &present.members));
        }
        self.away.get_mut(client).map(|away| (&mut away.channel, [].as_slice()))
    }

    /// A session of a client.
    pub(super) fn member(&mut self, client: &str, session: &str) -> Option<&mut Member> {
        let present = self.present.get_mut(client)?;
        present.members.iter_mut().find(|member| &*member.session == session)
    }

    /// Every session, with its client.
    pub(super) fn members(&self) -> impl Iterator<Item = (&Arc<str>, &Member)> {
        self.present.iter().flat_map(|(client, present)| present.members.iter().map(move |member| (client, member)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(session: &str) -> Member {
        Member { session: session.into(), queue: Arc::new(Outgoing::new(1, 1)), cancel_on_leave: HashSet::new() }
    }

    fn clients(away_max: usize) -> Clients {
        Clients::new(Epochs::random(), away_max)
    }

    #[test]
    fn who_comes_back_finds_the_channel_as_it_stands() {
        let mut clients = clients(10);
        let ann = Arc::from("ann");
        let epoch = clients.join(&ann, member("1")).position().epoch.to_owned();
        clients.leave(&ann, "1");
        assert_eq!(clients.sessions("ann"), Some(0));
        clients.channel(&ann).unwrap().0.advance();
        let position = clients.join(&ann, member("2")).position();
        assert_eq!((position.epoch, position.offset), (epoch.as_str(), 1));
        assert!(clients.away.is_empty() && clients.by_leaving.is_empty());
    }

    #[test]
    fn a_client_is_there_as_long_as_one_of_its_sessions_is() {
        let mut clients = clients(10);
        let ann = Arc::from("ann");
        clients.join(&ann, member("1"));
        clients.join(&ann, member("2"));
        assert_eq!(clients.sessions("ann"), Some(2));
        clients.leave(&ann, "1");
        assert_eq!(clients.sessions("ann"), Some(1));
    }

    #[test]
    fn who_left_first_is_forgotten_first_and_begins_a_new_epoch() {
        let mut clients = clients(2);
        let epoch = clients.join(&Arc::from("1"), member("1")).position().epoch.to_owned();
        clients.leave(&Arc::from("1"), "1");
        for id in ["2", "3"] {
            clients.join(&Arc::from(id), member(id));
            clients.leave(&Arc::from(id), id);
        }
        assert_eq!([clients.sessions("1"), clients.sessions("2"), clients.sessions("3")], [None, Some(0), Some(0)]);
        assert_ne!(clients.join(&Arc::from("1"), member("1")).position().epoch, epoch);
    }
}
