-- Bytes of photos and documents, for hosts that keep no files.
create table chunk (
    sha256 blob    not null,                   -- of the whole; 32 zero bytes while it is arriving
    n      integer not null,                   -- 0, 1, 2 …, each but the last of 256 KiB
    bytes  blob    not null,
    primary key (sha256, n)
) strict;
