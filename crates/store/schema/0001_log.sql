-- Who this device is, and small facts about it.
create table fact (
    key   text not null primary key,
    value text not null
) strict, without rowid;

-- Every op this device has: its own and those it pulled.
create table op (
    id         integer primary key,           -- order of arrival here; means nothing elsewhere
    op_hash    blob    not null unique,       -- SHA-256 of the header: the op's identity
    log        blob    not null,              -- whose log; two ops at one (log, seq) are a fork, both kept
    seq        integer not null,              -- 1, 2, 3 … without a gap, per log
    record     blob    not null,              -- the record it is about, or the one it creates
    header     text    not null,              -- the author's bytes
    data       text,                          -- the author's bytes; null once purged
    salt       blob,                          -- 16 bytes; null once purged
    mine       integer not null               -- 1: written here; a clone of this device may write our log too
) strict;
create index op_by_position on op (log, seq);
create index op_by_record on op (record);

-- The logs this device writes or wrote: one is current, the others it continued from.
create table own_log (
    log          blob    not null primary key,
    public_key   blob    not null,
    current      integer not null,             -- 1 for the one that takes new ops
    seq          integer not null,             -- the last op written
    link         blob    not null,             -- the link after it
    pushed_seq   integer not null default 0,   -- the server said it has the log up to here
    receipt_seq  integer not null default 0,   -- a verified receipt covers the log up to here
    forked       integer not null default 0,   -- 1 once another device was seen writing it
    predecessor  blob,                         -- the log it continues
    introduction blob                          -- the old key's signature over the new one
) strict;

-- Runs of ≤ 500 own ops of one scope, author and boot, and the seed their salts derive from.
create table segment (
    log       blob    not null,
    first_seq integer not null,
    scope     blob    not null,
    author    blob    not null,
    boot      integer not null,
    prev      blob    not null,                -- the link before the first op
    seed      blob,                            -- 16 bytes; null once an op of it was purged
    primary key (log, first_seq)
) strict, without rowid;

-- Runs pulled from the server, as their authors signed them: proof, and what a restored server gets back.
create table pulled_run (
    log       blob    not null,
    first_seq integer not null,
    last_seq  integer not null,
    scope     blob    not null,
    author    blob    not null,
    prev      blob    not null,
    seed      blob,
    head_sig  blob    not null,
    op_hashes blob    not null,                -- 32 bytes an op: which branch of a fork, and what was withheld
    primary key (log, first_seq, last_seq, prev, head_sig)
) strict, without rowid;
