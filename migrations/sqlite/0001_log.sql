-- The log and what is derived from it in the same transaction. Times are microseconds since 1970; scores are doubles.

-- What the file is: format, partitions (fixed for its life), epoch (drawn once; a restore must draw another).
CREATE TABLE meta (
    key   TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each partition, read and raised within every writing transaction: it makes the numbers gap-free and in
-- the order of commits, also when several processes share the file.
CREATE TABLE heads (
    partition      INTEGER NOT NULL PRIMARY KEY,
    seq            INTEGER NOT NULL DEFAULT 0,
    recorded       INTEGER NOT NULL DEFAULT 0,
    fence          INTEGER NOT NULL DEFAULT 0,
    engine_through INTEGER NOT NULL DEFAULT 0,
    engine_now     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE subjects (
    id        INTEGER NOT NULL PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    partition INTEGER NOT NULL
) STRICT;

-- Samples lie by subject and time, as history reads them; the index finds them by number, as followers do.
CREATE TABLE samples (
    subject_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    partition  INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    recorded   INTEGER NOT NULL,
    clarity    REAL,
    chaos      REAL,
    trust      REAL,
    pain       REAL,
    signals    TEXT,
    PRIMARY KEY (subject_id, at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX samples_by_seq ON samples (partition, seq);

-- Commands and events; they share the numbers of their partition with the samples. Only events have an id.
CREATE TABLE entries (
    partition  INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    recorded   INTEGER NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('command', 'event')),
    subject_id INTEGER NOT NULL,
    id         TEXT,
    body       TEXT    NOT NULL,
    PRIMARY KEY (partition, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entries_by_id ON entries (id) WHERE id IS NOT NULL;

-- What the engine last said of each subject.
CREATE TABLE verdicts (
    subject_id INTEGER NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL
) STRICT;

CREATE TABLE alerts (
    id          TEXT    NOT NULL PRIMARY KEY,
    subject_id  INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('firing', 'resolved')),
    opened_at   INTEGER NOT NULL,
    resolved_at INTEGER,
    body        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_by_opening ON alerts (opened_at, id);
CREATE INDEX alerts_firing ON alerts (opened_at, id) WHERE state = 'firing';
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE state = 'resolved';

-- What the engine saved for itself.
CREATE TABLE engine_subjects (
    subject_id INTEGER NOT NULL PRIMARY KEY,
    partition  INTEGER NOT NULL,
    state      TEXT    NOT NULL
) STRICT;
CREATE INDEX engine_subjects_by_partition ON engine_subjects (partition);
