-- Why: the change log shows what was changed in the modules that people administer, and takes changes back. A revert is a change like any other:
-- its entry says which one it takes back.
alter table audit_entry add column reverts uuid generated always as ((body ->> 'reverts')::uuid) stored;
create index audit_entry_reverts on audit_entry (workspace_id, reverts) where reverts is not null;
-- The log is read newest first by action; the entries that each run and each look leave are many and never part of it.
create index audit_entry_change on audit_entry (workspace_id, id)
  where action not in ('run.started', 'run.rerun', 'run.cancelled', 'rows.read', 'artifact.downloaded', 'file.downloaded', 'session.signed_in', 'session.signed_out', 'session.sign_in_failed');
