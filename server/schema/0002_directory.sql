-- Who there is and who may see what. Follows from the server's own log; kept as tables to authorise by.

create table user (
    ws   blob not null,
    user blob not null,
    code text not null,
    zh   text not null,
    en   text not null,
    role text not null,
    primary key (ws, user)
) strict, without rowid;
create unique index user_by_code on user (ws, code);

create table team (
    ws    blob not null,
    team  blob not null,
    code  text not null,
    scope blob not null,                       -- what its members create records in
    primary key (ws, team)
) strict, without rowid;

create table member (
    ws   blob not null,
    team blob not null,
    user blob not null,
    role text not null,
    primary key (ws, team, user)
) strict, without rowid;
create index member_by_user on member (ws, user);

create table device (
    log          blob    not null primary key,
    ws           blob    not null,
    user         blob    not null,
    key          blob    not null,
    name         text    not null,
    root         blob    not null,             -- the first log of the device, which successors continue
    predecessor  blob,
    introduction blob,
    revoked      text,                         -- the reason; null while it counts
    forked       integer not null default 0
) strict;

-- One-time enrolment codes, by hash.
create table code (
    hash       blob    not null primary key,
    ws         blob    not null,
    user       blob    not null,
    expires_ms integer not null,
    used_ms    integer
) strict;

-- Revocations by log, also of devices a restored server has not heard of yet.
create table early_revocation (
    log    blob not null primary key,
    reason text not null
) strict, without rowid;
