-- What the server has told this device, under its signature.
create table cursor (
    id     integer primary key,
    scope  blob    not null unique,
    after  integer not null,                   -- the last server_seq stored for this scope
    count  integer not null,                   -- how many ops were delivered through it
    xor    blob    not null                    -- and the XOR of their hashes
) strict;

-- What each scope delivered through its cursor. An op of a shared record comes in several.
create table delivery (
    scope      integer not null,               -- cursor.id
    server_seq integer not null,
    op         integer not null,               -- op.id
    primary key (scope, server_seq)
) strict, without rowid;
create index delivery_by_op on delivery (op);

-- Every checkpoint this device verified: what it shares with a restored server.
create table checkpoint (
    size  integer not null primary key,
    root  blob    not null,
    epoch blob    not null,
    sig   blob    not null
) strict;

create table receipt (
    log        blob    not null,
    seq        integer not null,
    server_ms  integer not null,
    body       text    not null,               -- as signed
    sig        blob    not null,
    primary key (log, seq)
) strict, without rowid;

-- Own ops the server holds but did not admit.
create table quarantined (
    op_id blob not null primary key,
    code  text not null
) strict, without rowid;

-- Photos and documents that ops name, or that this device captured.
create table blob (
    sha256   blob    not null primary key,
    bytes    integer not null,
    here     integer not null default 0,       -- 1: this device has the bytes
    captured integer not null default 0,       -- 1: they came from this device and must reach the server
    held     integer not null default 0,       -- 1: a verified receipt says the server has them
    upload   text                              -- where an upload stands, while there is one
) strict, without rowid;
create index blob_to_send on blob (bytes) where captured = 1 and held = 0;

-- Sites of the published registers, and what finds them.
create table site (
    id       integer primary key,
    site     blob not null unique,
    code     text not null unique collate nocase,
    parent   text,
    kind     text not null,
    zh       text not null,
    en       text not null,
    district text,
    org      text not null
) strict;
-- Pairs of neighbouring characters, so that a phrase query finds any part of a name. A single typed
-- letter is a prefix, and has an index of its own: databases made without one answer, more slowly.
create virtual table site_text using fts5 (
    zh, initials, code, en, content='', contentless_delete=1, tokenize='unicode61', prefix='1'
);
