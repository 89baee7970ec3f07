-- Why: an approval is a wait that people end. Who asked for it never decides on it, nobody decides twice or for two, and what was decided on is what
-- was shown: the database itself refuses the rest, whatever asks it. What nobody decides on costs a row.

-- Whose run it is. Labels of people change; the id does not.
alter table run add column started_by_id uuid;

-- Approvals know by themselves who was told.
alter table step_wait drop column told_at;

-- The people who can decide where `wanted` are asked (addresses and `role.<slug>`), and for whom: themselves, or who lent them approval.decide. Those who
-- are suspended, programs and the local operator never can. As in identity.access_of, only what a role or a name gives is lent, not a grant; and a role that
-- asks for a second factor counts beyond its members for those only who have one.
create function identity.deciders(place uuid, wanted text[]) returns table (user_id uuid, email text, name text, for_user uuid, for_email text) language sql stable as $$
  with member as (
    select u.id, u.email, u.name, m.role from identity.membership m join identity."user" u on u.id = m.user_id
    where m.workspace_id = place and m.suspended_at is null and u.kind = 'person'),
  named as (
    select id, email, name, role from member where email = any(wanted) or 'role.' || role = any(wanted)),
  granted as (
    select p.id, p.email, p.name from member p join identity.access_grant g on g.user_id = p.id and g.workspace_id = place
    where 'role.' || g.role = any(wanted) and g.revoked_at is null and g.starts_at <= now() and (g.ends_at is null or g.ends_at > now())
      and (not exists (select from identity.sign_in_rules s where g.role = any(s.second_factor_roles)) or exists (select from identity.second_factor f where f.user_id = p.id)))
  select id, email, name, null::uuid, null::text from named
  union select id, email, name, null::uuid, null::text from granted
  union
  select b.id, b.email, b.name, n.id, n.email from named n
    join identity.delegation d on d.from_user = n.id and d.workspace_id = place and d.revoked_at is null and d.starts_at <= now() and d.ends_at > now()
      and (d.permissions is null or 'approval.decide' = any(d.permissions))
    join member b on b.id = d.to_user
  where not exists (select from identity.sign_in_rules s where n.role = any(s.second_factor_roles))
    or (exists (select from identity.second_factor f where f.user_id = b.id) and exists (select from identity.second_factor f where f.user_id = n.id))
$$;

-- The other way round: under which names somebody may be asked, and for whom he would decide then. For the list of what waits for him.
create function identity.decides_as(who uuid, place uuid) returns table (approver text, represents uuid) language sql stable as $$
  select a.approver, a.represents
  from identity.membership m join identity."user" u on u.id = m.user_id
    cross join lateral (
      select u.email as approver, u.id as represents
      union select 'role.' || m.role, u.id
      union select 'role.' || g.role, u.id from identity.access_grant g where g.user_id = who and g.workspace_id = place and g.role is not null and g.revoked_at is null
        and g.starts_at <= now() and (g.ends_at is null or g.ends_at > now())
      union select lent.approver, d.from_user from identity.delegation d
        join identity.membership dm on dm.user_id = d.from_user and dm.workspace_id = place and dm.suspended_at is null
        join identity."user" du on du.id = d.from_user
        cross join lateral (values (du.email), ('role.' || dm.role)) as lent(approver)
        where d.to_user = who and d.workspace_id = place and d.revoked_at is null and d.starts_at <= now() and d.ends_at > now()
          and (d.permissions is null or 'approval.decide' = any(d.permissions))) as a
  where m.user_id = who and m.workspace_id = place and m.suspended_at is null and u.kind = 'person'
$$;

create table approval (
  workspace_id uuid not null,
  -- That of its wait.
  id uuid primary key,
  run_id uuid not null,
  step_id text not null,
  title text not null,
  description text not null,
  approvers text[] not null,
  quorum int not null check (quorum between 1 and 100),
  reject_ends boolean not null,
  form jsonb not null,
  -- What is approved, and the SHA-256 of its canonical JSON (RFC 8785).
  subject jsonb not null,
  subject_hash text not null check (subject_hash ~ '^[0-9a-f]{64}$'),
  -- Who asked for it: who started the outermost run, and who answers for the program that did.
  requesters uuid[] not null,
  opened_at timestamptz not null,
  until_at timestamptz,
  ended_at timestamptz,
  outcome text check (outcome in ('approved', 'rejected', 'expired', 'withdrawn')),
  -- Those who can decide were told by mail.
  told_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, run_id) references run (workspace_id, id),
  check ((ended_at is null) = (outcome is null))
);
create index approval_newest on approval (workspace_id, id desc);
create index approval_open on approval (workspace_id, id desc) where ended_at is null;
create index approval_of_run on approval (run_id);
create index approval_untold on approval (id) where told_at is null and ended_at is null;
call protect_by_workspace('approval', 'select');

-- Who is asked by approvals that are open, by name: what waits for somebody is found without looking at the others.
create table approval_asked (
  workspace_id uuid not null,
  approver text not null,
  approval_id uuid not null references approval on delete cascade,
  primary key (workspace_id, approver, approval_id)
);
create index approval_asked_of on approval_asked (approval_id);
call protect_by_workspace('approval_asked', 'select');

create table approval_vote (
  workspace_id uuid not null,
  id uuid primary key,
  approval_id uuid not null,
  user_id uuid not null,
  user_label text not null,
  on_behalf_of uuid,
  on_behalf_label text,
  -- Whose vote it is: one of each, and one by each.
  represents uuid not null generated always as (coalesce(on_behalf_of, user_id)) stored,
  decision text not null check (decision in ('approve', 'reject')),
  comment text not null,
  form jsonb not null,
  subject_hash text not null,
  at timestamptz not null default now(),
  constraint approval_vote_once unique (approval_id, user_id),
  constraint approval_vote_represented_once unique (approval_id, represents),
  foreign key (workspace_id, approval_id) references approval (workspace_id, id)
);
call protect_by_workspace('approval_vote', 'select');
-- What was decided stays.
revoke update, delete on approval_vote from tidewheel_engine;

create function check_approval_vote() returns trigger language plpgsql as $$
declare asked approval;
begin
  select * into asked from approval where id = new.approval_id for no key update;
  if asked.ended_at is not null then
    raise exception 'the approval has ended' using errcode = 'check_violation', constraint = 'approval_vote_open';
  end if;
  if new.user_id = any(asked.requesters) or new.on_behalf_of = any(asked.requesters) then
    raise exception 'who asked for an approval does not decide on it' using errcode = 'check_violation', constraint = 'approval_vote_requester';
  end if;
  if new.subject_hash <> asked.subject_hash then
    raise exception 'the vote is about something else' using errcode = 'check_violation', constraint = 'approval_vote_subject';
  end if;
  if not exists (select from identity.deciders(asked.workspace_id, asked.approvers) d where d.user_id = new.user_id and d.for_user is not distinct from new.on_behalf_of) then
    raise exception 'not one of those who can decide' using errcode = 'check_violation', constraint = 'approval_vote_decider';
  end if;
  return new;
end $$;
create trigger approval_vote_check before insert on approval_vote for each row execute function check_approval_vote();

-- Whatever opens or ends the wait (a worker, a vote, the time, a cancelled run) opens or ends the approval with it.
create function follow_approval_wait() returns trigger language plpgsql as $$
declare asked jsonb := new.data -> 'approval';
begin
  if tg_op = 'INSERT' or new.id <> old.id then
    insert into approval (workspace_id, id, run_id, step_id, title, description, approvers, quorum, reject_ends, form, subject, subject_hash, requesters, opened_at, until_at)
    select new.workspace_id, new.id, new.run_id, new.step_id, asked ->> 'title', asked ->> 'description', array(select jsonb_array_elements_text(asked -> 'approvers')),
      (asked ->> 'quorum')::int, (asked ->> 'rejectEnds')::boolean, asked -> 'form', asked -> 'subject', asked ->> 'hash',
      array(select distinct who from run outer_run left join identity.service_account s on s.user_id = outer_run.started_by_id
        cross join lateral (values (outer_run.started_by_id), (s.owner_id)) as w(who) where outer_run.id = coalesce(r.root_id, r.id) and who is not null),
      new.opened_at, new.until_at
    from run r where r.id = new.run_id;
    insert into approval_asked (workspace_id, approver, approval_id)
    select distinct new.workspace_id, approver, new.id from jsonb_array_elements_text(asked -> 'approvers') as a(approver);
  end if;
  if new.ended_at is not null then
    update approval set ended_at = new.ended_at,
      outcome = case when new.answer is null then 'withdrawn' when new.answer ->> 'by' = 'time' then 'expired' else new.answer -> 'answer' ->> 'decision' end
    where id = new.id and ended_at is null;
    delete from approval_asked where approval_id = new.id;
  end if;
  return null;
end $$;
create trigger step_wait_approval after insert or update on step_wait for each row when (new.kind = 'approval') execute function follow_approval_wait();
