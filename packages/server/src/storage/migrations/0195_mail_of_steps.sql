-- Mails that steps send (mail.send): to lists, with files. Each address has its own row, so that a retry reaches only those who have not got it; all rows of a mail share its Message-ID,
-- by which mail systems know them as one. The table belongs to the installation and is closed to the app role, as before.
alter table mail_outbox drop constraint mail_outbox_message_id_key;
alter table mail_outbox
  add column run_id uuid,
  add column step_id text,
  -- Whom the head names (to, cc), and which objects of which workspace go along: { workspaceId, to, cc, files }.
  add column envelope jsonb;
create index mail_outbox_of_step on mail_outbox (run_id, step_id) where run_id is not null;
