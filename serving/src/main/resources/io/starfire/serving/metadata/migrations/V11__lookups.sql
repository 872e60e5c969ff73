-- Lookups that queries may name, each as JSON.
create table registered_lookup (
  name varchar(256) primary key,
  lookup_json text not null
);
