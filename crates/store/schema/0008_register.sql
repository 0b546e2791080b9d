-- 1: no register lists it any more. It keeps its name for what was recorded there, and is not found.
alter table site add column gone integer not null default 0;
