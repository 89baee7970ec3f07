// The workers of the installation: no workspace owns them.

import type { WorkerInfo } from '@tidewheel/contract/routes/system';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Databases } from '../../storage/database.ts';

export type Worker = z.infer<typeof WorkerInfo>;

export async function findLiveWorkers({ engine }: Databases): Promise<Worker[]> {
  const { rows } = await sql<{ id: string; host: string; pid: number; tags: string[]; startedAt: Date; beatAt: Date; leases: number }>`
    select w.id, w.host, w.pid, w.tags, w.started_at as "startedAt", w.beat_at as "beatAt", (select count(*) from lease l where l.worker_id = w.id) as leases
    from worker w where w.dead_at is null order by w.started_at, w.id limit 1000`.execute(engine);
  return rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString(), beatAt: row.beatAt.toISOString() }));
}

export async function probeDatabase({ app, engine }: Databases): Promise<void> {
  await Promise.all([sql`select 1`.execute(app), sql`select 1`.execute(engine)]);
}

export async function probeQueue({ engine }: Databases): Promise<void> {
  await sql`select 1 from pgboss.version`.execute(engine);
}

export async function countLiveRuns({ engine }: Databases): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from run where finished_at is null`.execute(engine);
  return rows[0]?.n ?? 0;
}
