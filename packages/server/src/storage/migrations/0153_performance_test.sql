-- A flow run many times over to be measured. What was measured is not kept here: it is read from its runs, which are found by their idempotency keys `performance <id> <n>`.
create table performance_test (
  workspace_id uuid not null,
  id uuid primary key,
  flow_id uuid not null,
  version int not null,
  mode text not null check (mode in ('normal', 'dry')),
  runs int not null check (runs between 1 and 1000),
  concurrency int not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  cancelled_at timestamptz,
  cancelled_by text,
  foreign key (workspace_id, flow_id) references flow (workspace_id, id)
);
create index performance_test_newest on performance_test (workspace_id, id desc);
-- The one before, of the same flow.
create index performance_test_of_flow on performance_test (flow_id, id desc);
call protect_by_workspace('performance_test', 'select, insert, update');
