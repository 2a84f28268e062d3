-- An engine that has something to tell saves the subjects that it tells of, and all others once a second: most have only
-- moved a little, and what is saved of them is many times as large as the sample that moved them. So who goes on from what
-- was saved reads a second of the log again.

-- The last entry that all of it rests on, and the engine's clock then. The version before writes `engine_through` alone, and
-- all of it each time: `checkpoint_of` no longer says the same then. If it goes on from what this version has saved, it misses
-- what the subjects that were not told of have seen in that second; none if this version was stopped rather than killed.
ALTER TABLE heads
    ADD COLUMN checkpoint     bigint      NOT NULL DEFAULT 0,
    ADD COLUMN checkpoint_now timestamptz NOT NULL DEFAULT 'epoch',
    ADD COLUMN checkpoint_of  bigint;

CREATE VIEW saved AS
SELECT partition,
    CASE WHEN checkpoint_of = engine_through THEN checkpoint ELSE engine_through END AS saved_through,
    CASE WHEN checkpoint_of = engine_through THEN checkpoint_now ELSE engine_now END AS saved_now
FROM heads;
