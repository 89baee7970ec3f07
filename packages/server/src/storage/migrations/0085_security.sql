-- Why: the limits of the surface (rates, uploads, foreign origins) and the list of places that connections may reach are the administrator's
-- to set, for all processes at once. One row for the installation; closed to the app role.
create table security_settings (
  singleton boolean primary key default true check (singleton),
  egress_allow text[] not null default '{}',
  cors_origins text[] not null default '{}',
  -- What differs from the defaults of this version, by class: {"open": {"perSecond": 20, "burst": 100}}.
  rates jsonb not null default '{}',
  upload_max_bytes bigint not null default 2000000000,
  uploads_per_workspace int not null default 16,
  updated_at timestamptz,
  updated_by text
);
insert into security_settings default values;
grant select, update on security_settings to tidewheel_engine;

-- How many requests each process answers for whom: processes share a rate by what is asked of them. Unlogged: worth seconds, not a write-ahead log.
create unlogged table rate_process (
  id uuid primary key,
  seen_at timestamptz not null default now()
);
create unlogged table rate_demand (
  -- SHA-256 of class and caller: addresses and tokens are nobody's business here.
  key text not null,
  process_id uuid not null references rate_process on delete cascade,
  per_second real not null,
  noted_at timestamptz not null default now(),
  primary key (key, process_id)
);
grant select, insert, update, delete on rate_process, rate_demand to tidewheel_engine;
