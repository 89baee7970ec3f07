-- Why: a host that steps reach every minute looked as if nobody had spoken to it since its last test. Its last contact is now that of steps too; what the last test
-- found (contact) keeps its own time, and when a host was reached last and why it last was not outlive each other.
alter table target
  add column tested_at timestamptz,
  add column tested_by text,
  add column reached_at timestamptz,
  add column failed_at timestamptz,
  add column failed_by text,
  add column failed_why text;
update target set
  tested_at = contact_at,
  tested_by = contact_by,
  reached_at = case when contact_ok then contact_at end,
  failed_at = case when not contact_ok then contact_at end,
  failed_by = case when not contact_ok then contact_by end,
  failed_why = case when not contact_ok then coalesce((
    select (one ->> 'name') || ': ' || (one ->> 'detail') from jsonb_array_elements(contact -> 'checks') one where one ->> 'ok' = 'false' limit 1), 'The test failed.') end
where contact_at is not null;
alter table target add check ((failed_at is null) = (failed_why is null));
-- "Not seen for N days" of many hosts.
create index target_reached on target (workspace_id, reached_at) where archived_at is null;
