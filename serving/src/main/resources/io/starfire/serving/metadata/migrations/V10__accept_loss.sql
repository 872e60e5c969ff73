-- One name for it: accepted loss.
alter table publication rename column accept_less to accept_loss;
