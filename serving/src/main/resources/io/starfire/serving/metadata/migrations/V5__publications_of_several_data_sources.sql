-- A publication has one or more data sources, which become active in one view.
create table new_publication (
  id varchar(256) primary key,
  version varchar(32) not null,
  state varchar(16) not null,
  held boolean not null,
  accept_less boolean not null,
  reason text not null,
  intervals_json text not null,
  plan_fingerprint varchar(256) not null,
  grants_json text not null,
  pin_json text not null,
  registered_at_millis bigint not null,
  activated_at_millis bigint not null,
  view_number bigint not null,
  rolled_back_at_millis bigint not null,
  rolled_back_view_number bigint not null
);
insert into new_publication
  select id, version, state, held, accept_less, reason, intervals_json, plan_fingerprint, grants_json, pin_json,
    registered_at_millis, activated_at_millis, view_number, rolled_back_at_millis, rolled_back_view_number
  from publication;

create table publication_data_source (
  publication_id varchar(256) not null references new_publication (id),
  data_source varchar(128) not null references data_source (name),
  version varchar(32) not null,
  primary key (publication_id, data_source),
  unique (data_source, version)
);
insert into publication_data_source (publication_id, data_source, version)
  select id, data_source, version from publication;

-- The old table takes with it the reference of the segments, whose name the database chose.
drop table publication cascade;
alter table new_publication rename to publication;
alter table segment add constraint segment_publication foreign key (publication_id) references publication (id);

-- Versions are handed out for each data source by itself.
create table new_batch_version (
  data_source varchar(128) not null references data_source (name),
  version_millis bigint not null,
  intervals_json text not null,
  run_start_millis bigint not null,
  handed_out_at_millis bigint not null,
  primary key (data_source, version_millis)
);
insert into new_batch_version
  select data_source, version_millis, intervals_json, run_start_millis, handed_out_at_millis from batch_version;
drop table batch_version;
alter table new_batch_version rename to batch_version;

-- How many writes were committed: one row. Tells after a failed commit whether it was done.
create table write_counter (
  number bigint not null
);
insert into write_counter (number) values (0);
