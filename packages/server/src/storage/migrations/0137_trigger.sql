-- Why: runs start when something happens: a call, a file, a row, a mail, the end of another run. What came is a row that is unique by its key, written in
-- the transaction of the run that it starts, so that nothing starts twice or is forgotten, whoever looks and whenever he dies.
create table flow_trigger (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  slug text not null,
  title text not null,
  kind text not null check (kind in ('webhook', 'file', 'watermark', 'flow', 'mail')),
  flow_id uuid not null,
  config jsonb not null,
  -- Parameter of the flow to a CEL expression over `event`.
  parameters jsonb not null default '{}',
  condition text,
  -- In whose name its runs start.
  owner_id uuid,
  owner_label text not null,
  paused_at timestamptz,
  paused_by text,
  -- Of a webhook: the secret, and the one before while it counts too, as one sealed text. The version changes with it.
  credential_id uuid,
  secret_version int not null default 0,
  secret_set_at timestamptz,
  secret_previous_until timestamptz,
  -- What a look leaves for the next one: a mark, the last message.
  memory jsonb,
  note text,
  last_look_at timestamptz,
  -- Null: nobody has to look.
  next_look_at timestamptz,
  failing_since timestamptz,
  failures int not null default 0,
  last_error jsonb,
  -- Who looks now, and until when he may: of two schedulers one looks, and what the other finds late is refused.
  lease_token uuid,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, slug),
  foreign key (workspace_id, flow_id) references flow (workspace_id, id)
);
create index flow_trigger_due on flow_trigger (next_look_at) where next_look_at is not null;
create index flow_trigger_of_flow on flow_trigger (workspace_id, flow_id);
call protect_by_workspace('flow_trigger', 'select, insert, update');

create table trigger_event (
  workspace_id uuid not null,
  -- Counts up with time.
  id uuid not null,
  trigger_id uuid not null,
  -- The same for the same event, whenever it comes again.
  key text not null check (length(key) <= 500),
  at timestamptz not null default now(),
  state text not null check (state in ('fired', 'unmet', 'refused')),
  title text not null,
  reason text,
  event jsonb,
  files jsonb,
  run_id uuid,
  -- How many runs started one another before it.
  depth int not null default 0,
  times int not null default 1,
  last_at timestamptz not null default now(),
  replay_of uuid,
  primary key (trigger_id, id),
  unique (trigger_id, key)
);
create index trigger_event_of_run on trigger_event (run_id) where run_id is not null;
create index trigger_event_at on trigger_event using brin (at);
call protect_by_workspace('trigger_event', 'select');

-- Files and messages that were seen: which version, since when, and whether they are through with.
create table trigger_item (
  workspace_id uuid not null,
  trigger_id uuid not null,
  key text not null,
  version text not null,
  since timestamptz not null,
  done boolean not null,
  -- It is not there any more; what comes back as it was does not fire again.
  gone_at timestamptz,
  primary key (trigger_id, key)
);
create index trigger_item_gone on trigger_item (gone_at) where gone_at is not null;
call protect_by_workspace('trigger_item', 'select, delete');

-- Which triggers wait for the end of a run of a flow. Read with every run that ends, so only those that are active are in it.
create table trigger_watch (
  workspace_id uuid not null,
  flow_id uuid not null,
  trigger_id uuid not null references flow_trigger,
  states text[] not null,
  primary key (workspace_id, flow_id, trigger_id)
);
call protect_by_workspace('trigger_watch', 'select, insert, delete');

-- Written with the end of the run itself; taken away in the transaction of what it starts.
create table trigger_ended (
  workspace_id uuid not null,
  trigger_id uuid not null,
  run_id uuid not null,
  at timestamptz not null default now(),
  primary key (trigger_id, run_id)
);
call protect_by_workspace('trigger_ended', 'select');
