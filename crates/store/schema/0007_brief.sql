-- Briefs of inspections say what their findings add up to: those of findings are gone.
delete from brief;
drop index brief_by_parent;
alter table brief drop column parent;
