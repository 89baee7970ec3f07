-- Why: a flow can be kept from running without leaving the lists; everybody sees who switched it off, when and why.
alter table flow
  add column off_at timestamptz,
  add column off_by text,
  add column off_reason text,
  add constraint flow_off_told check ((off_at is null) = (off_by is null) and (off_at is null) = (off_reason is null));
