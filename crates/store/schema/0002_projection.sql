-- Computed from ops: drop it and rebuild it at will.

-- One row a record.
create table record (
    record blob    not null primary key,
    kind   text    not null,                   -- empty until the op that created it has arrived
    parent blob,
    scope  blob,
    at_ms  integer not null,                   -- when it was created, as claimed; for display order
    doc    text                                -- RecordDoc as JSON; null while its first op is its only one
) strict;
create index record_by_kind on record (kind, at_ms, record);
create index record_by_parent on record (parent) where parent is not null;

-- Slots with more than one op, or whose only op is not current. All others stand in the document alone.
create table slot_op (
    record blob not null,
    path   text not null,
    op_id  blob not null,
    primary key (record, path, op_id)
) strict, without rowid;

-- What retracts what, also when the target has not arrived yet.
create table retraction (
    target blob not null,
    op_id  blob not null,
    record blob not null,                      -- a retraction acts in its own record only
    primary key (target, op_id)
) strict, without rowid;
create index retraction_by_record on retraction (record);

-- Where and when a record says it took place, one row for each current value.
create table place (
    site   text not null,
    day    text not null,
    record blob not null,
    primary key (site, day, record)
) strict, without rowid;
create index place_by_record on place (record);
