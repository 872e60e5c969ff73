-- When a publication was rolled back, and the view in which it was gone; 0 if it was not.
alter table publication add column rolled_back_at_millis bigint default 0 not null;
alter table publication add column rolled_back_view_number bigint default 0 not null;
