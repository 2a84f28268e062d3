-- An engine that has something to tell saves the subjects that it tells of, and all others once a second: most have only
-- moved a little, and what is saved of them is many times as large as the sample that moved them. So who goes on from what
-- was saved reads a second of the log again.

-- The last entry that all of it rests on, and the engine's clock then. The version before writes `engine_through` alone, and
-- all of it each time: `checkpoint_of` no longer says the same then. If it goes on from what this version has saved, it misses
-- what the subjects that were not told of have seen in that second; none if this version was stopped rather than killed.
ALTER TABLE heads ADD COLUMN checkpoint INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN checkpoint_now INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN checkpoint_of INTEGER;

CREATE VIEW saved AS
SELECT partition,
    iif(checkpoint_of = engine_through, checkpoint, engine_through) AS saved_through,
    iif(checkpoint_of = engine_through, checkpoint_now, engine_now) AS saved_now
FROM heads;
