-- The schema that was registered last, by a stream, a supervisor or a run, and the view that it made. The schema in force
-- (fingerprint) is that of the latest active publication whose version was handed out since then, or this one.
alter table data_source add column registered_schema_json text;
alter table data_source add column registered_view_number bigint default 0 not null;
update data_source set registered_schema_json = (
  select s.schema_json from data_source_schema s
  where s.data_source = data_source.name and s.fingerprint = data_source.fingerprint
);

-- The last view when the version was handed out.
alter table batch_version add column view_number bigint default 0 not null;
