-- Why: what lending and granting need beyond their tables. Who may revoke what he granted is known by his id, for addresses change; and lists go
-- newest first. A preset that is reset keeps its row and its count of changes, so that a change of before the reset is not taken for one of after.
alter table identity.role alter column rules drop not null;
alter table identity.access_grant add column created_by_id uuid, add column revoked_by text;
alter table identity.delegation add column revoked_by text;
create index access_grant_newest on identity.access_grant (workspace_id, id desc);
create index delegation_newest on identity.delegation (workspace_id, id desc);

-- Lent is what the lender has at that moment: nothing while he is suspended. A role that asks for a second factor is granted and lent to those
-- only who have one (programs cannot), and by who has one: else lending would be a way around it. With `planned` also what begins later counts:
-- that is what the separation of duties looks at.
-- Columns that come with later migrations are named here: the text is looked at when it is first called.
set local check_function_bodies = off;
drop function identity.access_of(uuid, uuid);
create function identity.access_of(who uuid, place uuid, planned boolean default false) returns text language sql stable parallel safe as $$
  select jsonb_build_object(
    'main', place = (select id from workspace order by created_at, id limit 1),
    'email', u.email,
    'role', jsonb_build_object('slug', m.role, 'title', r.title, 'rules', r.rules, 'masks', r.masks),
    'grants', (select jsonb_agg(jsonb_build_object('id', g.id, 'slug', g.role, 'title', gr.title, 'rules', coalesce(g.rules, gr.rules), 'masks', gr.masks, 'until', g.ends_at) order by g.id)
      from identity.access_grant g left join identity.role gr on gr.workspace_id = g.workspace_id and gr.slug = g.role
      where g.user_id = who and g.workspace_id = place and g.revoked_at is null and (planned or g.starts_at <= now()) and (g.ends_at is null or g.ends_at > now())
        and (planned or g.role is null or u.kind <> 'person' or not exists (select from identity.sign_in_rules s where g.role = any(s.second_factor_roles))
          or exists (select from identity.second_factor f where f.user_id = who))),
    'delegations', (select jsonb_agg(jsonb_build_object('id', d.id, 'from', du.email, 'slug', dm.role, 'title', dr.title, 'rules', dr.rules, 'masks', dr.masks, 'permissions', d.permissions, 'until', d.ends_at) order by d.id)
      from identity.delegation d join identity."user" du on du.id = d.from_user
        join identity.membership dm on dm.user_id = d.from_user and dm.workspace_id = d.workspace_id and dm.suspended_at is null
        left join identity.role dr on dr.workspace_id = d.workspace_id and dr.slug = dm.role
      where d.to_user = who and d.workspace_id = place and d.revoked_at is null and (planned or d.starts_at <= now()) and d.ends_at > now()
        and (planned or not exists (select from identity.sign_in_rules s where dm.role = any(s.second_factor_roles))
          or (exists (select from identity.second_factor f where f.user_id = who) and exists (select from identity.second_factor f where f.user_id = d.from_user))))
  )::text
  from identity.membership m join identity."user" u on u.id = m.user_id left join identity.role r on r.workspace_id = m.workspace_id and r.slug = m.role
  where m.user_id = who and m.workspace_id = place
$$;
