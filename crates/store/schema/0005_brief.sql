-- What lists of thousands need of a record, made by the device when a list is opened; drop it at will.
create table brief (
    record blob    not null primary key,
    parent blob,
    at_ms  integer not null,                   -- as in record
    brief  text    not null                    -- JSON of the app; gone as soon as the record changes
) strict, without rowid;
create index brief_by_parent on brief (parent) where parent is not null;
create index place_by_day on place (day, site, record);
