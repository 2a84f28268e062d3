-- Summaries of the past as runs: twelve buckets of one subject, one after the other, in one row, so that a day by minutes
-- is 120 rows and not the samples of a day. What was stored before is summed up in the background; until then history
-- reads the samples.

-- `grain` is the width of a bucket in seconds: 10, 60 or 3600. The bytes are those of the crate `summaries`. With rowids:
-- rows of two kilobytes would make the tree of a table without them a deep one.
CREATE TABLE runs (
    subject_id INTEGER NOT NULL,
    grain      INTEGER NOT NULL,
    begins     INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (subject_id, grain, begins)
) STRICT;
CREATE INDEX runs_by_time ON runs (begins);

-- How far each partition is summed up, and what is being summed up now: entries until a number, with samples measured
-- between these times.
CREATE TABLE summed (
    partition       INTEGER NOT NULL PRIMARY KEY,
    through         INTEGER NOT NULL DEFAULT 0,
    pending_through INTEGER,
    pending_oldest  INTEGER,
    pending_newest  INTEGER
) STRICT;

-- Between which times the samples were measured that the runs know nothing of yet. Whoever writes says up to which entry
-- that is so; the version before does not, and then all times count.
ALTER TABLE heads ADD COLUMN unsummed_oldest INTEGER;
ALTER TABLE heads ADD COLUMN unsummed_newest INTEGER;
ALTER TABLE heads ADD COLUMN unsummed_through INTEGER NOT NULL DEFAULT 0;
