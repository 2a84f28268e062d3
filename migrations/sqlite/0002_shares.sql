-- Who judges what: processes that share the engines' work are members, and say again and again that they live.

-- A member lives until this time.
CREATE TABLE members (
    member INTEGER NOT NULL PRIMARY KEY,
    until  INTEGER NOT NULL
) STRICT;

-- Which member has which partition; those that are not here are free.
CREATE TABLE shares (
    partition INTEGER NOT NULL PRIMARY KEY,
    member    INTEGER NOT NULL
) STRICT;
