-- Supervisors by the name of their data source. The spec is stored as it was posted.
create table supervisor (
  id varchar(128) primary key references data_source (name),
  spec_json text not null,
  state varchar(16) not null,
  posted_at_millis bigint not null
);
