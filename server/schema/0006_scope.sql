-- Scopes beside the teams' own, and who reads and writes them. Follows from the server's own log.
create table organisation (
    ws     blob not null,
    code   text not null,
    parent text,                               -- the code of the one above it
    primary key (ws, code)
) strict, without rowid;

create table scope (
    ws     blob not null,
    record blob not null,                      -- the op that added it
    scope  blob not null,
    code   text not null,
    primary key (ws, record)
) strict, without rowid;
create unique index scope_by_scope on scope (ws, scope);
create index scope_by_code on scope (ws, code);

create table access (
    ws     blob    not null,
    record blob    not null,                   -- the scope's
    party  text    not null,                   -- team.ID, org.CODE or role.NAME
    writes integer not null,
    primary key (ws, record, party)
) strict, without rowid;

create index access_by_party on access (ws, party);

alter table user add column org text;
