-- What a tus client says of its upload: kept for its own sake, and given back as it came.
alter table upload add column metadata text;
create index upload_by_expiry on upload (expires_ms);
