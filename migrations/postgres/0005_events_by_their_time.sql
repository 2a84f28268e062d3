-- Reading the past: events by the time that they tell of themselves, which is not when they were recorded, for an engine
-- that was away concludes late. All kinds, so that the state at any moment is the last that was told before it.

ALTER TABLE entries ADD COLUMN at timestamptz;
-- By its text: the operators of `json` refuse bodies in which somewhere a person wrote \u0000.
UPDATE entries SET
    what = substring(body::text FROM '"kind":"([a-z]+)"'),
    at = coalesce(substring(body::text FROM '"at":"([^"]+)"')::timestamptz, recorded)
WHERE kind = 'event';
DROP INDEX entries_by_what;
DROP INDEX entries_by_subject;
CREATE INDEX entries_by_what ON entries (what, at) WHERE what IS NOT NULL;
CREATE INDEX entries_by_subject ON entries (subject_id, what, at) WHERE what IS NOT NULL;

-- Which alerts fired at a moment: of all subjects, or of one.
DROP INDEX alerts_resolved;
CREATE INDEX alerts_resolved ON alerts (resolved_at, opened_at) WHERE state = 'resolved';
CREATE INDEX alerts_by_subject ON alerts (subject_id, opened_at, resolved_at);
-- And what was told of one of them by then.
CREATE INDEX entries_by_alert ON entries (substring(body::text FROM '"alert":\{"id":"([^"]+)"'), at) WHERE what = 'alert';
