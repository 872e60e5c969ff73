-- When a real-time segment was withdrawn because a stream that was begun anew makes its rows again;
-- 0 if it was not. It is in no view from then on. Its row stays, so that its number is not used again.
alter table segment add column withdrawn_at_millis bigint default 0 not null;
