-- Why: roles are data. A row of identity.role is a workspace's own role, or a preset that it changed; presets that nobody changed are in the
-- code (contract/access.ts), so that a new version's permissions reach them.
create table identity.role (
  workspace_id uuid not null references workspace,
  slug text not null,
  title text not null,
  description text not null default '',
  rules jsonb not null,
  masks jsonb not null default '[]',
  revision int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, slug)
);

alter table identity.membership drop constraint membership_role_check;

-- More than a role gives, on some objects or for some time: shared items, leave covers, one night of on-call.
create table identity.access_grant (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  user_id uuid not null references identity."user" on delete cascade,
  -- What it gives: a role's rules, or rules of its own.
  role text,
  rules jsonb,
  reason text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  revoked_at timestamptz,
  check ((role is null) <> (rules is null)),
  check (ends_at is null or ends_at > starts_at)
);
create index access_grant_of_user on identity.access_grant (user_id, workspace_id) where revoked_at is null;

-- One user lends another what his role gives him, until a day. It gives no more than the lender has at that moment, and cannot be lent on.
create table identity.delegation (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  from_user uuid not null references identity."user" on delete cascade,
  to_user uuid not null references identity."user" on delete cascade,
  -- Null: everything of the role.
  permissions text[],
  reason text not null,
  created_at timestamptz not null default now(),
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  revoked_at timestamptz,
  check (from_user <> to_user),
  check (ends_at > starts_at)
);
create index delegation_to_user on identity.delegation (to_user, workspace_id) where revoked_at is null;
create index delegation_from_user on identity.delegation (from_user, workspace_id) where revoked_at is null;

-- Who may do one of these may not do one of those.
create table identity.separation (
  workspace_id uuid not null references workspace,
  id uuid primary key,
  title text not null,
  one text[] not null,
  other text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, title)
);
grant select, insert, update, delete on identity.role, identity.access_grant, identity.delegation, identity.separation to tidewheel_engine;

-- Everything that decides what somebody may do in a workspace, as one value: it is asked with every request beside the look-up of who calls,
-- and equal values share one compiled ability. Rules of presets are null here.
create function identity.access_of(who uuid, place uuid) returns text language sql stable parallel safe as $$
  select jsonb_build_object(
    'main', place = (select id from workspace order by created_at, id limit 1),
    'email', u.email,
    'role', jsonb_build_object('slug', m.role, 'title', r.title, 'rules', r.rules, 'masks', r.masks),
    'grants', (select jsonb_agg(jsonb_build_object('slug', g.role, 'title', gr.title, 'rules', coalesce(g.rules, gr.rules), 'masks', gr.masks, 'until', g.ends_at) order by g.id)
      from identity.access_grant g left join identity.role gr on gr.workspace_id = g.workspace_id and gr.slug = g.role
      where g.user_id = who and g.workspace_id = place and g.revoked_at is null and g.starts_at <= now() and (g.ends_at is null or g.ends_at > now())),
    'delegations', (select jsonb_agg(jsonb_build_object('from', du.email, 'slug', dm.role, 'rules', dr.rules, 'masks', dr.masks, 'permissions', d.permissions, 'until', d.ends_at) order by d.id)
      from identity.delegation d join identity."user" du on du.id = d.from_user
        join identity.membership dm on dm.user_id = d.from_user and dm.workspace_id = d.workspace_id
        left join identity.role dr on dr.workspace_id = d.workspace_id and dr.slug = dm.role
      where d.to_user = who and d.workspace_id = place and d.revoked_at is null and d.starts_at <= now() and d.ends_at > now())
  )::text
  from identity.membership m join identity."user" u on u.id = m.user_id left join identity.role r on r.workspace_id = m.workspace_id and r.slug = m.role
  where m.user_id = who and m.workspace_id = place
$$;

-- Folders order flows and connections, and rules can speak of them. Paths: `finance/emir`.
alter table flow add column folder text;
create index flow_folder on flow (workspace_id, folder) where folder is not null;
alter table connection add column folder text;

-- A service account is a user that no person signs in as: roles, grants and API tokens hold for it as for everybody.
alter table identity."user" drop constraint user_kind_check;
alter table identity."user" add check (kind in ('person', 'local', 'service'));
