-- Summaries of the past as runs: twelve buckets of one subject, one after the other, in one row. A row for each bucket with
-- a column for each of its twenty figures made a day by minutes 1,440 rows on as many pages; what they cost was neither
-- reading nor adding, but taking them apart. Runs are the same with TimescaleDB as without: who sums up adds what is new,
-- and reads nothing again.
-- What was stored before is summed up in the background; until then history reads the samples. The tables of 0003, and
-- what the heads and `roll_ups` say of them, stay as they are for the version before, which goes on from there if it comes
-- back. A later release removes them.

-- `grain` is the width of a bucket in seconds: 10, 60 or 3600. The bytes are those of the crate `summaries`.
CREATE TABLE runs (
    subject_id bigint      NOT NULL,
    begins     timestamptz NOT NULL,
    grain      smallint    NOT NULL,
    body       bytea       NOT NULL,
    PRIMARY KEY (subject_id, grain, begins)
) PARTITION BY RANGE (begins);

-- How far each partition is summed up, and what is being summed up now: entries until a number, with samples measured
-- between these times.
CREATE TABLE summed (
    partition       smallint PRIMARY KEY,
    through         bigint   NOT NULL DEFAULT 0,
    pending_through bigint,
    pending_oldest  timestamptz,
    pending_newest  timestamptz
);

-- Between which times the samples were measured that the runs know nothing of yet. Whoever writes says up to which entry
-- that is so; the version before does not, and then all times count.
ALTER TABLE heads
    ADD COLUMN unsummed_oldest  timestamptz,
    ADD COLUMN unsummed_newest  timestamptz,
    ADD COLUMN unsummed_through bigint NOT NULL DEFAULT 0;
