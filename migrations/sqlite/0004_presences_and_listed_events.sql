-- What the engine concludes besides levels and alerts: how subjects are now, and events that are listed by their kind.

-- State, tone and voices of each subject, as the engine last told.
CREATE TABLE presences (
    subject_id INTEGER NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL
) STRICT;

-- The kind of an event, for those that are listed, latest first: of all subjects, or of one. Nobody lists levels, alerts
-- and choruses: they are most events, and cost nothing here.
ALTER TABLE entries ADD COLUMN what TEXT;
UPDATE entries SET what = body ->> 'kind'
WHERE kind = 'event' AND body ->> 'kind' NOT IN ('levels', 'alert', 'chorus');
CREATE INDEX entries_by_what ON entries (what, recorded) WHERE what IS NOT NULL;
CREATE INDEX entries_by_subject ON entries (subject_id, what, recorded) WHERE what IS NOT NULL;
