-- The registers of sites: each is one record, to which every import adds. Follows from the server's
-- own log.
create table register (
    ws     blob not null,
    record blob not null,
    code   text not null,
    primary key (ws, record)
) strict, without rowid;
create index register_by_code on register (ws, code);
