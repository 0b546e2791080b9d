-- A device's signing keys, for hosts that keep no files and have no key store.
create table key (
    public   blob primary key,
    secret   blob not null,
    made_for text                              -- the enrolment link it was made for, by hash
) strict, without rowid;
