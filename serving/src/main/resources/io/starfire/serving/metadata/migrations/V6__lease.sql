-- Who opened the store last: each coordinator that opens it takes the next number, and only the one
-- with the last number may write. One row.
create table coordinator_lease (
  number bigint not null
);
insert into coordinator_lease (number) values (0);
