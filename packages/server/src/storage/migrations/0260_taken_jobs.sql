-- Why: a claim marked the job as active, which wrote its wide row and three indexes anew, and the commit that ended the lease deleted it: a quarter of what
-- Postgres did for a short run. Now a claim takes the job out of the queue and its lease keeps what puts it back, so the queue holds only what nobody has.
alter table lease add column attempt int, add column priority int, add column queued_at timestamptz;
do $$ begin
  if to_regclass('pgboss.job_common') is not null then
    execute $move$
      update lease l set attempt = case when l.unit is null then (j.data ->> 'attempt')::int else 1 end, unit = coalesce(l.unit, j.data ->> 'unit'),
        priority = j.priority, queued_at = j.created_on from pgboss.job_common j where j.name = l.queue and j.id = l.job_id $move$;
    execute 'delete from pgboss.job_common j using lease l where j.name = l.queue and j.id = l.job_id';
  end if;
end $$;
-- What has no job any more could not be given back before either.
delete from lease where attempt is null;
alter table lease alter column unit set not null, alter column attempt set not null, alter column priority set not null, alter column queued_at set not null;
comment on column lease.unit is 'the unit it has come to; of a plan along one line the one it began with, and the results say the rest';
comment on column lease.attempt is 'of that unit, by the retry policy';
