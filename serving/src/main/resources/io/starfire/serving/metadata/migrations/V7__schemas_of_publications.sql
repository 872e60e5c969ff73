-- The schemas that data sources get when a publication is activated.
create table publication_schema (
  publication_id varchar(256) not null references publication (id),
  data_source varchar(128) not null references data_source (name),
  schema_json text not null,
  primary key (publication_id, data_source)
);
