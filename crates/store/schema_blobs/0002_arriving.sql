-- Pieces of photos that are being fetched, in the order in which they came.
create table arriving (
    id     integer primary key,
    sha256 blob not null,                      -- of the whole
    bytes  blob not null
) strict;
create index arriving_by_sha256 on arriving (sha256, id);
