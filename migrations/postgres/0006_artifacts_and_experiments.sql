-- Artifacts with their records, found by their id, their subject or what they belong to. Their events tell of them without
-- the records, which would fill frames and lists.
CREATE TABLE artifacts (
    id         text        PRIMARY KEY,
    subject_id bigint      NOT NULL,
    at         timestamptz NOT NULL,
    body       json        NOT NULL
);
CREATE INDEX artifacts_by_time ON artifacts (at, id);
CREATE INDEX artifacts_by_subject ON artifacts (subject_id, at, id);

CREATE TABLE artifact_links (
    about    text NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('alert', 'experiment', 'event')),
    artifact text NOT NULL,
    PRIMARY KEY (about, kind, artifact)
);
CREATE INDEX artifact_links_by_artifact ON artifact_links (artifact);

-- Experiments as the last event tells of each.
CREATE TABLE experiments (
    id         text        PRIMARY KEY,
    subject_id bigint      NOT NULL,
    began_at   timestamptz NOT NULL,
    ended_at   timestamptz,
    body       json        NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX experiments_by_beginning ON experiments (began_at, id);
CREATE INDEX experiments_by_subject ON experiments (subject_id, began_at, id);
CREATE INDEX experiments_running ON experiments (began_at, id) WHERE ended_at IS NULL;
CREATE INDEX experiments_by_end ON experiments (ended_at) WHERE ended_at IS NOT NULL;
