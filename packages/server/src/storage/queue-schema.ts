// pg-boss's own tables, made and upgraded by pg-boss itself, as the owner.

import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { engineRole } from './roles.ts';

export const queueSchema = 'pgboss';

export async function installQueue(owner: pg.ClientBase): Promise<void> {
  const db = { executeSql: (text: string, values?: unknown[]) => owner.query(text, values) };
  const boss = new PgBoss({ db, schema: queueSchema, supervise: false, schedule: false });
  boss.on('error', () => {});
  await boss.start();
  await boss.stop({ graceful: false });
  // What waits of one run, for who cancels or pauses it: without it each of ten thousand cancellations would read ten thousand jobs.
  await owner.query(`create index if not exists job_of_run on ${queueSchema}.job_common ((data ->> 'run')) where state < 'active'`);
  await owner.query(`grant usage on schema ${queueSchema} to ${engineRole}`);
  for (const kind of ['tables', 'sequences', 'functions']) await owner.query(`grant all on all ${kind} in schema ${queueSchema} to ${engineRole}`);
}
