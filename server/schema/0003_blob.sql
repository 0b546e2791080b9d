-- Photos and documents the server holds, re-hashed.
create table blob (
    ws     blob    not null,
    sha256 blob    not null,
    bytes  integer not null,
    primary key (ws, sha256)
) strict, without rowid;

-- Which scopes may read one: an op there names it, from a device that had the bytes.
create table blob_scope (
    ws     blob not null,
    sha256 blob not null,
    scope  blob not null,
    primary key (ws, sha256, scope)
) strict, without rowid;

-- Which logs uploaded one: naming a hash in an op opens nothing to who never had the bytes.
create table blob_uploader (
    ws     blob not null,
    sha256 blob not null,
    log    blob not null,
    primary key (ws, sha256, log)
) strict, without rowid;

-- Ops that name a blob before it has arrived.
create table blob_claim (
    ws     blob not null,
    sha256 blob not null,
    log    blob not null,
    scope  blob not null,
    primary key (ws, sha256, log, scope)
) strict, without rowid;

create table upload (
    id         text    not null primary key,
    ws         blob    not null,
    log        blob    not null,
    sha256     blob    not null,
    bytes      integer not null,
    capability blob    not null unique,        -- SHA-256 of what the client holds
    expires_ms integer not null,
    created    integer not null default 0,     -- 1 once the tus client has created it
    done       integer not null default 0
) strict;
create index upload_by_blob on upload (ws, log, sha256);
