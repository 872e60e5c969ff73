-- The metadata store. Times and offsets are numbers: milliseconds since the epoch, Kafka offsets.
-- What Starfire itself never searches by is stored as JSON text.

create table data_source (
  name varchar(128) primary key,
  fingerprint varchar(64) not null,
  topic varchar(249),
  registered_at_millis bigint not null
);

-- Every schema that a data source ever had, so that rows written with an older one can be read.
create table data_source_schema (
  data_source varchar(128) not null references data_source (name),
  fingerprint varchar(64) not null,
  schema_json text not null,
  registered_at_millis bigint not null,
  primary key (data_source, fingerprint)
);

-- Batch versions that were handed out; the largest is the floor of the next.
create table batch_version (
  version_millis bigint primary key,
  data_source varchar(128) not null references data_source (name),
  intervals_json text not null,
  run_start_millis bigint not null,
  handed_out_at_millis bigint not null
);

create table publication (
  id varchar(256) primary key,
  data_source varchar(128) not null references data_source (name),
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
  unique (data_source, version)
);

-- publication_id is null for a committed real-time segment.
create table segment (
  id varchar(512) primary key,
  data_source varchar(128) not null references data_source (name),
  start_millis bigint not null,
  end_millis bigint not null,
  version varchar(32) not null,
  partition_number integer not null,
  core_partitions integer not null,
  tombstone boolean not null,
  path text not null,
  size_bytes bigint not null,
  row_count bigint not null,
  event_count bigint not null,
  publication_id varchar(256) references publication (id)
);
create index segment_of_bucket on segment (data_source, start_millis, end_millis, version);
create index segment_of_publication on segment (publication_id);

-- How far each Kafka partition is committed: the next offset to read.
create table realtime_offset (
  data_source varchar(128) not null references data_source (name),
  topic varchar(249) not null,
  topic_id varchar(64) not null,
  kafka_partition integer not null,
  committed_offset bigint not null,
  primary key (data_source, topic, kafka_partition)
);

-- The number of the last view: one row.
create table view_counter (
  number bigint not null
);
insert into view_counter (number) values (0);
