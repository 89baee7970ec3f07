// The time by the one clock that all processes of an installation share: their own may differ, or jump.
import type { Runner } from './job-queue.ts';

export async function databaseNow(runner: Pick<Runner, 'query'>): Promise<Date> {
  const { rows } = await runner.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]?.now ?? new Date();
}
