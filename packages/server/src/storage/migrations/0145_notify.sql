-- Why: what may have to be told becomes messages to people. Each event waits in a row of its own, written by a trigger in the event's transaction; one
-- sequencer turns it into messages and takes the row away in one transaction, so each event counts exactly once. A cursor over the events would skip
-- those whose transaction ends late, and rules, preferences and names do not belong into the engine's commit.
alter table notification_event drop constraint notification_event_severity_check,
  add constraint notification_event_severity_check check (severity in ('info', 'warning', 'error', 'critical'));

create table notification_pending (
  workspace_id uuid not null,
  event_id uuid not null,
  primary key (workspace_id, event_id)
);
call protect_by_workspace('notification_pending', 'select');
create function notification_event_waits() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  insert into public.notification_pending (workspace_id, event_id) select workspace_id, id from fresh;
  return null;
end $$;
create trigger notification_event_waits after insert on notification_event referencing new table as fresh for each statement execute function notification_event_waits();

create table notification_channel (
  workspace_id uuid not null references workspace,
  slug text not null,
  title text not null,
  type text not null,
  enabled boolean not null,
  config jsonb not null,
  -- In the vault.
  credential_id uuid,
  -- The far side asked for fewer messages.
  resting_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (workspace_id, slug)
);
call protect_by_workspace('notification_channel', 'select, insert, update, delete');

create table notification_rule (
  workspace_id uuid not null references workspace,
  slug text not null,
  content jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (workspace_id, slug)
);
call protect_by_workspace('notification_rule', 'select, insert, update, delete');

create table notification_team (
  workspace_id uuid not null references workspace,
  slug text not null,
  content jsonb not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (workspace_id, slug)
);
call protect_by_workspace('notification_team', 'select, insert, update, delete');

-- The newest version counts, unless it was removed.
create table notification_template (
  workspace_id uuid not null references workspace,
  slug text not null,
  version int not null check (version > 0),
  content jsonb not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  archived_at timestamptz,
  primary key (workspace_id, slug, version)
);
call protect_by_workspace('notification_template', 'select, insert, update');

create table notification_preference (
  workspace_id uuid not null references workspace,
  user_id uuid not null references identity."user" on delete cascade,
  content jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
call protect_by_workspace('notification_preference', 'select, insert, update, delete');

-- One intent per event, recipient and channel; its id is its Message-ID and webhook-id.
create table notification_message (
  workspace_id uuid not null,
  -- Counts up with time.
  id uuid not null,
  event_id uuid not null,
  rule text not null,
  channel text not null,
  via text not null check (via in ('mail', 'inbox', 'call')),
  -- Whom: `user:<id>`, `address:<e-mail>`, or `place` for where the channel leads.
  recipient text not null,
  user_id uuid,
  address text,
  template text not null,
  kind text not null,
  severity text not null check (severity in ('info', 'warning', 'error', 'critical')),
  title text not null,
  text text not null default '',
  flow_id uuid,
  -- What is alike for the recipient becomes one message.
  alike text not null,
  alike_until timestamptz,
  more int not null default 0,
  part_of uuid,
  state text not null check (state in ('waiting', 'sending', 'handed', 'sent', 'unknown', 'failed', 'left_out', 'folded')),
  reason text,
  -- Why this recipient is told, as the message says it.
  because text not null,
  attempts int not null default 0,
  due_at timestamptz,
  claimed_until timestamptz,
  sent_at timestamptz,
  answer text,
  error text,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, event_id, channel, recipient)
);
create index notification_message_due on notification_message (due_at) where state in ('waiting', 'unknown');
create index notification_message_sending on notification_message (claimed_until) where state = 'sending';
create index notification_message_handed on notification_message (id) where state = 'handed';
create index notification_message_failed on notification_message (workspace_id, id) where state = 'failed';
create index notification_message_inbox on notification_message (workspace_id, user_id, id desc) where via = 'inbox' and state = 'sent';
create index notification_message_unread on notification_message (workspace_id, user_id) where via = 'inbox' and state = 'sent' and read_at is null;
-- The open ones to fold into, and how many went lately.
create index notification_message_alike on notification_message (workspace_id, recipient, channel, alike, id desc) where alike_until is not null;
create index notification_message_rate on notification_message (workspace_id, recipient, channel, id desc) where state in ('waiting', 'sending', 'handed', 'sent', 'unknown');
create index notification_message_part on notification_message (workspace_id, part_of, id) where part_of is not null;
create index notification_message_age on notification_message using brin (created_at);
call protect_by_workspace('notification_message', 'select, update');

-- How often each flow failed since it last succeeded; flows that did not have no row.
create table notification_streak (
  workspace_id uuid not null,
  flow_id uuid not null,
  failures int not null,
  primary key (workspace_id, flow_id)
);
call protect_by_workspace('notification_streak', 'select');

-- Of the installation: stopped by somebody, and when a round was made last.
create table notifier_control (
  singleton boolean primary key default true check (singleton),
  stopped_at timestamptz,
  stopped_by text,
  round_at timestamptz
);
insert into notifier_control default values;
grant select, insert, update on notifier_control to tidewheel_engine;

-- A mail may have an HTML form beside its text; then the sealed text is JSON with both.
alter table mail_outbox add column has_html boolean not null default false;
