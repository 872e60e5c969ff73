-- The topics that data sources are read from. The id of a topic is stored before anything of it is read.
create table topic_read (
  data_source varchar(128) not null references data_source (name),
  topic varchar(249) not null,
  topic_id varchar(64) not null,
  primary key (data_source, topic)
);
insert into topic_read (data_source, topic, topic_id)
  select data_source, topic, min(topic_id) from realtime_offset group by data_source, topic;
alter table realtime_offset drop column topic_id;

-- The schema in force has a place of its own. Schemas by fingerprint, which is made of the columns alone, are those by
-- which the rows of a topic are decoded and stored; a publication may have the same columns and another granularity.
alter table data_source add column schema_json text;
update data_source set schema_json = (
  select s.schema_json from data_source_schema s
  where s.data_source = data_source.name and s.fingerprint = data_source.fingerprint
);
alter table data_source alter column schema_json set not null;
alter table data_source drop column fingerprint;
