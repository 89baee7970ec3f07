// Schedules on an engine bench, as tests make them and wait for them.
import { type ScheduleDefinition, ScheduleDefinition as Schema } from '@tidewheel/contract/schedule';
import type { z } from 'zod';
import type { EngineBench } from '../../../testing/engine-bench.ts';
import { createSchedule } from '../schedules.service.ts';

type Given = Partial<z.input<typeof Schema>> & { flow: string; slug: string; active?: boolean };

export function definitionOf({ flow, slug, ...given }: Omit<Given, 'active'>): ScheduleDefinition {
  return Schema.parse({ title: slug, flow, timeZone: 'UTC', rules: [{ kind: 'cron', expression: '0 0 1 1 *' }], ...given });
}

export function makeSchedule(bench: EngineBench, { active = true, ...given }: Given) {
  return createSchedule(bench.engine.schedules, bench.actor, { ...definitionOf(given), slug: given.slug, active });
}

export interface Row {
  instant: Date;
  planned_at: Date;
  outcome: string;
  why: string | null;
  run_id: string | null;
  at: Date;
}

export async function firingsOf(bench: EngineBench, slug: string): Promise<Row[]> {
  const { rows } = await bench.databases.enginePool.query<Row>(
    'select f.instant, f.planned_at, f.outcome, f.why, f.run_id, f.at from schedule_firing f join schedule s on s.id = f.schedule_id where s.slug = $1 order by f.instant',
    [slug],
  );
  return rows;
}

export async function untilFirings(bench: EngineBench, slug: string, met: (rows: Row[]) => boolean): Promise<Row[]> {
  for (const began = Date.now(); Date.now() - began < 30_000; ) {
    const rows = await firingsOf(bench, slug);
    if (met(rows)) return rows;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the schedule did not get there: ${JSON.stringify(await firingsOf(bench, slug))}`);
}

/** As if nothing could fire since then: what was due then is due still. */
export async function wasDown(bench: EngineBench, { slug, since }: { slug: string; since: Date }): Promise<void> {
  await bench.databases.enginePool.query('update schedule set next_at = $2 where slug = $1', [slug, since]);
  await bench.databases.enginePool.query(`select pg_notify('tidewheel_schedule', '')`);
}
