-- What nobody is done with: checks that were begun, photos that wait for an item. A device that holds
-- years of records finds these few at once. `open_records` repeats the condition letter by letter.
create index open_record on record (kind, at_ms, record)
where doc is null or json_extract(doc, '$.slots.completed', '$.slots.placed', '$.slots.voided') = '[null,null,null]';
