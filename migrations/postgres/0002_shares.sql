-- Who judges what: processes that share the engines' work are members, and say again and again that they live.

-- A member lives until this time. Each says so twice a second, so most of a page is left for that.
CREATE TABLE members (
    member bigint      PRIMARY KEY,
    until  timestamptz NOT NULL
) WITH (fillfactor = 20);

-- Which member has which partition; those that are not here are free.
CREATE TABLE shares (
    partition smallint PRIMARY KEY,
    member    bigint   NOT NULL
);
