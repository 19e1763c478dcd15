//! The clients of an interface: those that are connected, and those that were.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sandgate_engine::journal::Place;
use sandgate_flow::document::OnLeave;
use sandgate_flow::event::RunId;
use tokio::sync::OwnedSemaphorePermit;

use super::Outgoing;
use super::naming::Naming;
use super::stream::Channel;

/// A session, as its interface sees it.
pub(super) struct Member {
    /// Its id.
    pub(super) session: Arc<str>,
    /// What it is to be sent.
    pub(super) queue: Arc<Outgoing>,
    /// The runs under way that it started.
    pub(super) runs: HashMap<RunId, Underway>,
    /// Where its channels stood when it joined: everyone's, and its client's.
    pub(super) joined: [Place; 2],
}

impl Member {
    /// Where its channels stood when it joined: everyone's, and its client's.
    pub(super) fn joined(&mut self) -> [Place; 2] {
        self.joined
    }
}

/// A run under way that a session started.
pub(super) struct Underway {
    /// What becomes of it when the session leaves.
    pub(super) on_leave: OnLeave,
    /// Its place among those of its session.
    pub(super) _permit: OwnedSemaphorePermit,
}

/// Clients by id, with their channels. A client may hold several sessions.
pub(super) struct Clients {
    naming: Arc<Naming>,
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
    pub(super) fn new(naming: Arc<Naming>, away_max: usize) -> Self {
        Self { naming, present: HashMap::new(), away: HashMap::new(), by_leaving: BTreeMap::new(), left: 0, away_max }
    }

    /// Adds a session of a client that joins where its channel stands, and answers the channel.
    pub(super) fn join(&mut self, client: &Arc<str>, mut member: Member) -> &Channel {
        let back = self.away.remove(client);
        if let Some(away) = &back {
            self.by_leaving.remove(&away.left);
        }
        let naming = &self.naming;
        let present = self.present.entry(Arc::clone(client)).or_insert_with(|| Present {
            channel: back.map_or_else(|| naming.of_client(client), |away| away.channel),
            members: Vec::with_capacity(1),
        });
        let [_, of_client] = &mut member.joined;
        *of_client = present.channel.place();
        present.members.push(member);
        &present.channel
    }

    /// Adds the channel of a client that was there before the host was started.
    pub(super) fn restore(&mut self, client: &Arc<str>, channel: Channel) {
        if self.sessions(client).is_none() {
            self.remember(client, channel);
        }
    }

    /// Takes a session away, and answers the runs that it had under way.
    pub(super) fn leave(&mut self, client: &Arc<str>, session: &str) -> HashMap<RunId, Underway> {
        let Some(present) = self.present.get_mut(client) else { return HashMap::new() };
        let place = present.members.iter().position(|member| &*member.session == session);
        let left = place.map(|place| present.members.swap_remove(place));
        if present.members.is_empty()
            && let Some(present) = self.present.remove(client)
        {
            self.remember(client, present.channel);
        }
        left.map(|member| member.runs).unwrap_or_default()
    }

    fn remember(&mut self, client: &Arc<str>, channel: Channel) {
        self.left += 1;
        self.by_leaving.insert(self.left, Arc::clone(client));
        self.away.insert(Arc::clone(client), Away { channel, left: self.left });
        while self.by_leaving.len() > self.away_max
            && let Some((_, first)) = self.by_leaving.pop_first()
        {
            if let Some(forgotten) = self.away.remove(&first) {
                self.naming.forget(&forgotten.channel);
            }
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
            let channel = self.naming.of_client(client);
            self.remember(client, channel);
        }
        if let Some(present) = self.present.get_mut(client) {
            return Some((&mut present.channel, &present.members));
        }
        self.away.get_mut(client).map(|away| (&mut away.channel, [].as_slice()))
    }

    /// A client's channel, if it is known.
    pub(super) fn known(&self, client: &str) -> Option<&Channel> {
        let present = self.present.get(client).map(|present| &present.channel);
        present.or_else(|| self.away.get(client).map(|away| &away.channel))
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
        Member {
            session: session.into(),
            queue: Arc::new(Outgoing::new(1, 1)),
            runs: HashMap::new(),
            joined: [Place { epoch: 0, offset: 0 }; 2],
        }
    }

    fn clients(away_max: usize) -> Clients {
        Clients::new(Arc::new(Naming::in_memory(&"countdown".into())), away_max)
    }

    #[test]
    fn who_comes_back_finds_the_channel_as_it_stands() {
        let mut clients = clients(10);
        let ann = Arc::from("ann");
        let Place { epoch, offset } = clients.join(&ann, member("1")).place();
        clients.leave(&ann, "1");
        assert_eq!(clients.sessions("ann"), Some(0));
        assert_eq!(clients.join(&ann, member("2")).place(), Place { epoch, offset });
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
        let epoch = clients.join(&Arc::from("1"), member("1")).place().epoch;
        clients.leave(&Arc::from("1"), "1");
        for id in ["2", "3"] {
            clients.join(&Arc::from(id), member(id));
            clients.leave(&Arc::from(id), id);
        }
        assert_eq!([clients.sessions("1"), clients.sessions("2"), clients.sessions("3")], [None, Some(0), Some(0)]);
        assert_ne!(clients.join(&Arc::from("1"), member("1")).place().epoch, epoch);
    }
}
