-- The log and what is derived from it in the same transaction: the same tables as in ../sqlite, and what a server with
-- many clients and large tables needs besides. Scores are doubles; `json` keeps the text as it was written.

-- What the database is: format, partitions (fixed for its life), epoch (drawn once; a restore must draw another).
CREATE TABLE meta (
    key   text   PRIMARY KEY,
    value bigint NOT NULL
);

-- One row for each partition, locked by every writing transaction until its commit: it makes the numbers gap-free and
-- in the order of commits, whoever writes. Each commit writes the row anew, so half of a page is left for that.
CREATE TABLE heads (
    partition      smallint    PRIMARY KEY,
    seq            bigint      NOT NULL DEFAULT 0,
    recorded       timestamptz NOT NULL DEFAULT 'epoch',
    fence          bigint      NOT NULL DEFAULT 0,
    engine_through bigint      NOT NULL DEFAULT 0,
    engine_now     timestamptz NOT NULL DEFAULT 'epoch',
    -- Entries up to this number are gone for readers, though a chunk may still hold some of them.
    pruned         bigint      NOT NULL DEFAULT 0,
    -- The stretch that is being filled: it begins after this number; its samples were measured between these times.
    stretch_after  bigint      NOT NULL DEFAULT 0,
    stretch_oldest timestamptz,
    stretch_newest timestamptz,
    -- Between which times the samples were measured that summaries of the past know nothing of yet.
    fresh_oldest   timestamptz,
    fresh_newest   timestamptz
) WITH (fillfactor = 50);

-- Full stretches of a partition, some thousand entries each: a sparse index from numbers to times. Samples lie by the
-- time at which they were measured; with the stretches a reader of numbers knows which chunks to look into.
CREATE TABLE stretches (
    partition    smallint    NOT NULL,
    through      bigint      NOT NULL,
    recorded     timestamptz NOT NULL,
    oldest       timestamptz,
    newest       timestamptz,
    PRIMARY KEY (partition, through)
);

CREATE SEQUENCE subject_ids AS bigint;
CREATE TABLE subjects (
    id        bigint   PRIMARY KEY,
    name      text     NOT NULL UNIQUE,
    partition smallint NOT NULL
);

-- Samples, in chunks by time: those of TimescaleDB where it is there, else partitions that the service makes and drops.
DO $$
DECLARE
    columns text := '
        subject_id bigint           NOT NULL,
        at         timestamptz      NOT NULL,
        partition  smallint         NOT NULL,
        seq        bigint           NOT NULL,
        recorded   timestamptz      NOT NULL,
        clarity    double precision,
        chaos      double precision,
        trust      double precision,
        pain       double precision,
        signals    json,
        PRIMARY KEY (subject_id, at)';
BEGIN
    -- The edition under the Apache licence has neither compression nor continuous aggregates.
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
        AND current_setting('timescaledb.license', true) = 'timescale'
    THEN
        EXECUTE format('CREATE TABLE samples (%s)', columns);
        PERFORM create_hypertable('samples', by_range('at', INTERVAL '1 day'), create_default_indexes => false);
        -- A reader of the past wants one subject, in the order of time.
        ALTER TABLE samples SET (timescaledb.enable_columnstore, timescaledb.segmentby = 'subject_id',
            timescaledb.orderby = 'at');
    ELSE
        EXECUTE format('CREATE TABLE samples (%s) PARTITION BY RANGE (at)', columns);
    END IF;
END $$;
CREATE INDEX samples_by_seq ON samples (partition, seq);

-- The chunks that the service has made: which table, from when, until when.
CREATE TABLE chunks (
    parent text        NOT NULL,
    begins timestamptz NOT NULL,
    ends   timestamptz NOT NULL,
    name   text        NOT NULL,
    PRIMARY KEY (parent, begins)
);

-- Commands and events; they share the numbers of their partition with the samples. Only events have an id.
CREATE TABLE entries (
    partition  smallint    NOT NULL,
    seq        bigint      NOT NULL,
    recorded   timestamptz NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('command', 'event')),
    subject_id bigint      NOT NULL,
    id         text,
    body       json        NOT NULL,
    PRIMARY KEY (partition, seq)
);
CREATE UNIQUE INDEX entries_by_id ON entries (id) WHERE id IS NOT NULL;

-- What the engine last said of each subject.
CREATE TABLE verdicts (
    subject_id bigint PRIMARY KEY,
    body       json   NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE alerts (
    id          text        PRIMARY KEY,
    subject_id  bigint      NOT NULL,
    state       text        NOT NULL CHECK (state IN ('firing', 'resolved')),
    opened_at   timestamptz NOT NULL,
    resolved_at timestamptz,
    body        json        NOT NULL
);
CREATE INDEX alerts_by_opening ON alerts (opened_at, id);
CREATE INDEX alerts_firing ON alerts (opened_at, id) WHERE state = 'firing';
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE state = 'resolved';

-- What the engine saved for itself.
CREATE TABLE engine_subjects (
    subject_id bigint   PRIMARY KEY,
    partition  smallint NOT NULL,
    state      text     NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX engine_subjects_by_partition ON engine_subjects (partition);
