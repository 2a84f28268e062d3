-- Artifacts with their records, found by their id, their subject or what they belong to. Their events tell of them without
-- the records, which would fill frames and lists.
CREATE TABLE artifacts (
    id         TEXT    NOT NULL PRIMARY KEY,
    subject_id INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    body       TEXT    NOT NULL
) STRICT;
CREATE INDEX artifacts_by_time ON artifacts (at, id);
CREATE INDEX artifacts_by_subject ON artifacts (subject_id, at, id);

CREATE TABLE artifact_links (
    about    TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('alert', 'experiment', 'event')),
    artifact TEXT NOT NULL,
    PRIMARY KEY (about, kind, artifact)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifact_links_by_artifact ON artifact_links (artifact);

-- Experiments as the last event tells of each.
CREATE TABLE experiments (
    id         TEXT    NOT NULL PRIMARY KEY,
    subject_id INTEGER NOT NULL,
    began_at   INTEGER NOT NULL,
    ended_at   INTEGER,
    body       TEXT    NOT NULL
) STRICT;
CREATE INDEX experiments_by_beginning ON experiments (began_at, id);
CREATE INDEX experiments_by_subject ON experiments (subject_id, began_at, id);
CREATE INDEX experiments_running ON experiments (began_at, id) WHERE ended_at IS NULL;
CREATE INDEX experiments_by_end ON experiments (ended_at) WHERE ended_at IS NOT NULL;
