-- When a device was last heard of, by its first log, whose key signs all its requests. Not part of the
-- history: a restored server begins to know it anew.
create table contact (
    log     blob    not null primary key,
    last_ms integer not null
) strict, without rowid;

-- Blobs that admitted ops name and that are not held: each at the device that named it first.
create table blob_awaited (
    ws     blob    not null,
    sha256 blob    not null,
    log    blob    not null,                   -- the device's first log
    bytes  integer not null,                   -- as the op says
    primary key (ws, sha256)
) strict, without rowid;
create index blob_awaited_by_log on blob_awaited (ws, log);

insert or ignore into blob_awaited (ws, sha256, log, bytes)
select c.ws, c.sha256, c.log, coalesce(n.bytes, 0) from blob_claim c
left join (
    select o.ws, b.value ->> 'sha256' as sha256, max(b.value ->> 'bytes') as bytes
    from op o, json_each(iif(json_valid(o.data), o.data, '{}'), '$.blobs') b
    where o.status = 'admitted' and o.data like '%"blobs"%'
    group by 1, 2
) n on n.ws = c.ws and n.sha256 = lower(hex(c.sha256))
where not exists (select 1 from blob h where h.ws = c.ws and h.sha256 = c.sha256);

create index device_by_ws on device (ws, log);

-- Who made a code, where it was no administrator beside the server.
alter table code add column invited_by blob;
