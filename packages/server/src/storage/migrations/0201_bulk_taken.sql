-- Why: a batch counted as done when it was handed out, so what a server that died in the middle of it had not come to was passed over. Now it counts when it
-- is done, and until then it is whose token this is: whoever comes meanwhile is told to wait, and after that time does the batch again.
alter table bulk_operation add column taken_token uuid, add column taken_until timestamptz;
