-- Blobs named `body` are sealed: a format, a CRC-32C, and the content. See format.rs.

-- How many commits there were, and what the epochs of channels that are new are made of.
CREATE TABLE meta (commits INTEGER NOT NULL, epoch INTEGER NOT NULL);

-- What is known of each run at a glance. The columns are for looking it up: the body says it.
CREATE TABLE runs (
    run BLOB PRIMARY KEY,
    flow TEXT NOT NULL,
    status INTEGER NOT NULL,
    asleep_until INTEGER,
    body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX runs_under_way ON runs (asleep_until) WHERE status = 0;

-- The events of a run between two commits, from the number `first` on.
CREATE TABLE events (
    run BLOB NOT NULL,
    first INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run, first)
) WITHOUT ROWID;

-- Where a run stood after so many events.
CREATE TABLE snapshots (run BLOB PRIMARY KEY, events INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;

-- The run that was started with a key, and when.
CREATE TABLE keys (scope TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (scope, key)) WITHOUT ROWID;
CREATE INDEX keys_by_age ON keys (at);

-- Channels, and where each stood when the last of its history was forgotten.
CREATE TABLE channels (channel INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB NOT NULL);

-- What was said in a channel in one commit, up to the offset `last`.
CREATE TABLE history (
    channel INTEGER NOT NULL,
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (channel, last)
) WITHOUT ROWID;
