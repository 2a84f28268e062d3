-- Who may what. Of the texts of tokens and sessions only the SHA-256 is kept: who reads these tables cannot use them.
CREATE TABLE tokens (
    id         text NOT NULL PRIMARY KEY,
    name       text NOT NULL,
    scopes     text NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- Browsers that have shown a token. They go with it, and when their time is over.
CREATE TABLE sessions (
    id         text NOT NULL PRIMARY KEY,
    token      text NOT NULL REFERENCES tokens (id),
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_token ON sessions (token, created_at, id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Who did what. Rows are only added, and forgotten when they are older than everything else that is kept.
CREATE TABLE audit (
    number  bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    token   text,
    who     text NOT NULL,
    address text,
    what    text NOT NULL,
    about   text,
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    status  integer
);
CREATE INDEX audit_by_time ON audit (at);
