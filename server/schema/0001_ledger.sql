-- What the server must never lose: ops, the order it delivered them in, and its signed word on both.

create table workspace (
    ws       blob    not null primary key,
    name     text    not null,
    epoch    blob    not null,                 -- the history since the last restore
    size     integer not null,                 -- deliveries so far: the last server_seq
    frontier blob    not null                  -- the O(log n) state of the Merkle tree over them
) strict;

-- Every (size, root) ever signed: how the server recognises its own word.
create table checkpoint (
    ws    blob    not null,
    size  integer not null,
    root  blob    not null,
    epoch blob    not null,
    primary key (ws, size, epoch)
) strict, without rowid;

create table epoch (
    ws       blob    not null,
    epoch    blob    not null,
    previous blob,
    size     integer not null,                 -- where it began
    primary key (ws, epoch)
) strict, without rowid;

-- Runs as their authors signed them.
create table run (
    id        integer primary key,
    ws        blob    not null,
    log       blob    not null,
    first_seq integer not null,
    last_seq  integer not null,
    scope     blob    not null,
    author    blob    not null,
    prev      blob    not null,                -- the link before the first op
    seed      blob,
    head_sig  blob    not null,
    unique (ws, log, first_seq, last_seq, prev, head_sig)
) strict;

create table op (
    id      integer primary key,
    ws      blob    not null,
    op_hash blob    not null,
    log     blob    not null,
    seq     integer not null,
    link    blob    not null,                  -- the log's state after this op: names its branch
    scope   blob    not null,
    record  blob    not null,
    run     integer not null,                  -- the run it first came in
    header  text,                              -- null for an op of which only the hash is known
    data    text,                              -- null once purged, or never seen
    salt    blob,
    -- 'admitted', 'withheld' (only the hash is known), 'placed' (the op is held at another place), or
    -- why it is in quarantine
    status  text    not null
) strict;
-- Not unique: the hash of an op can stand in a foreign log, or on two branches of a fork.
create index op_by_hash on op (ws, op_hash);
create index op_by_position on op (ws, log, seq);
create index op_by_record on op (ws, record);
create index op_quarantined on op (ws, log) where status not in ('admitted', 'withheld', 'placed');
create index op_withheld on op (ws, log) where status = 'withheld';

-- The server's history, gapless in each workspace: ops delivered to scopes, ops put into quarantine,
-- and photos held (the last two under scopes that nobody reads). All that a receipt can speak of is
-- in it, so that a restored server is recognised whatever it lost.
create table delivery (
    ws         blob    not null,
    server_seq integer not null,
    scope      blob    not null,
    op         integer,
    blob       blob,
    primary key (ws, server_seq)
) strict, without rowid;
create index delivery_by_scope on delivery (ws, scope, server_seq);

-- What a record belongs to, as the op that created it says.
create table lineage (
    ws     blob not null,
    record blob not null,
    parent blob not null,
    primary key (ws, record)
) strict, without rowid;
create index lineage_by_parent on lineage (ws, parent);

-- Further scopes that read a record and all that belongs to it.
create table share (
    ws     blob not null,
    record blob not null,
    home   blob not null,                      -- the scope of the ops that are shared: the sharer's own
    scope  blob not null,
    primary key (ws, record, home, scope)
) strict, without rowid;

-- Ops that are admitted whatever would have kept them in quarantine.
create table released (
    ws    blob not null,
    op_id blob not null,                       -- the first 16 bytes of its hash
    primary key (ws, op_id)
) strict, without rowid;

create table scope_digest (
    ws    blob    not null,
    scope blob    not null,
    last  integer not null,                    -- the last server_seq delivered in it
    count integer not null,
    xor   blob    not null,
    primary key (ws, scope)
) strict, without rowid;
