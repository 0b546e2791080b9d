-- Which records name which photo or document. Computed from ops, like everything of 0002.
create table naming (
    sha256 blob not null,
    record blob not null,
    primary key (sha256, record)
) strict, without rowid;
create index naming_by_record on naming (record);

-- Photos that others took have a row as soon as an op names them, and are fetched later or never.
alter table blob add column named_ms integer not null default 0; -- the latest op that names it, as claimed, or later: the server time it had heard of; 0: none yet
alter table blob add column asked    integer not null default 0; -- 1: a person wants to see it
alter table blob add column tried_ms integer not null default 0; -- when the server last did not have it
create index blob_recent on blob (named_ms) where here = 0;
create index blob_asked on blob (asked) where here = 0 and asked = 1;
create index blob_fetched on blob (named_ms, bytes) where here = 1 and captured = 0;

-- What was recorded before. The log keeps ops that nobody can read: they name nothing.
create temp table named as
select unhex(json_extract(case e.type when 'object' then e.value else '{}' end, '$.sha256')) as sha256,
       json_extract(case e.type when 'object' then e.value else '{}' end, '$.bytes') as bytes,
       o.record as record, max(json_extract(o.header, '$.at[0]'), json_extract(o.header, '$.at[4]')) as at_ms
from op o, json_each(case when json_valid(o.data) then o.data else '{}' end, '$.blobs') e;
delete from named where sha256 is null or length(sha256) <> 32 or typeof(bytes) <> 'integer' or bytes < 0;
insert or ignore into naming (sha256, record) select sha256, record from named;
insert into blob (sha256, bytes, named_ms) select sha256, bytes, max(at_ms) from named where true group by sha256
on conflict (sha256) do update set named_ms = excluded.named_ms;
drop table named;
