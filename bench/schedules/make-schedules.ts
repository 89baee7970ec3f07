// Many schedules at once, written as they are stored: making them one by one would measure their checks.
import { ScheduleTiming } from '../../packages/contract/src/schedule.ts';
import { newId } from '../../packages/server/src/base/ids.ts';
import type { EngineSite } from '../../packages/server/src/testing/engine-site.ts';

/** By schedule: the second of each minute at which it fires, and when that is next. */
export async function makeSchedules(
  { databases, actor }: EngineSite,
  { flow, count, secondOf, nextAt }: { flow: string; count: number; secondOf(at: number): number; nextAt(at: number): Date },
): Promise<void> {
  const { rows } = await databases.enginePool.query<{ id: string }>('select id from flow where slug = $1', [flow]);
  const all = Array.from({ length: count }, (_, at) => at);
  const timings = Array.from({ length: 60 }, (_, second) =>
    JSON.stringify(ScheduleTiming.parse({ timeZone: 'Europe/Paris', rules: [{ kind: 'cron', expression: `${second} * * * * *` }] })),
  );
  await databases.enginePool.query(
    `insert into schedule (workspace_id, id, slug, title, flow_id, timing, owner_label, next_at)
     select $1, n.id, n.slug, n.slug, $2, n.timing, 'bench', n.next_at from unnest($3::uuid[], $4::text[], $5::jsonb[], $6::timestamptz[]) as n(id, slug, timing, next_at)`,
    [actor.workspaceId, rows[0]?.id, all.map(() => newId()), all.map((at) => `${flow}-${at}`), all.map((at) => timings[secondOf(at)]), all.map(nextAt)],
  );
  await databases.enginePool.query(`analyze schedule; select pg_notify('tidewheel_schedule', '')`);
}

export async function stopSchedules({ databases }: EngineSite): Promise<void> {
  await databases.enginePool.query('update schedule set next_at = null');
}
