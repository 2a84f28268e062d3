-- Who may what. Of the texts of tokens and sessions only the SHA-256 is kept: who reads these tables cannot use them.
CREATE TABLE tokens (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- Browsers that have shown a token. They go with it, and when their time is over.
CREATE TABLE sessions (
    id         TEXT NOT NULL PRIMARY KEY,
    token      TEXT NOT NULL REFERENCES tokens (id),
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_token ON sessions (token, created_at, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Who did what. Rows are only added, and forgotten when they are older than everything else that is kept.
CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    token   TEXT,
    who     TEXT NOT NULL,
    address TEXT,
    what    TEXT NOT NULL,
    about   TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    status  INTEGER
) STRICT;
CREATE INDEX audit_by_time ON audit (at);
