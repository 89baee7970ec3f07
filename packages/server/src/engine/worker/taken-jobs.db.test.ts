// The jobs that were held when an installation from before migration 0260 is updated go back to the queue from their leases.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabases } from '../../storage/database.ts';
import { prepareDatabase } from '../../storage/prepare.ts';
import { emptyDatabase } from '../../testing/database.ts';
import { returnUnknown } from './claim.store.ts';
import { JobQueue } from './job-queue.ts';

const migration = new URL('../../storage/migrations/0260_taken_jobs.sql', import.meta.url);

test('what was held before the update is held after it, and goes back at the unit it had come to', async () => {
  const { address, drop } = await emptyDatabase();
  const { workspaceId: workspace } = await prepareDatabase(address);
  const databases = openDatabases(address, { size: 2, name: 'test' });
  const queue = await JobQueue.open({ pool: databases.enginePool, supervise: false, onError: () => {} });
  const owner = new pg.Client({ connectionString: address.ownerUrl });
  await owner.connect();
  try {
    const [run, worker] = [randomUUID(), randomUUID()];
    const job = { workspace, run, attempt: 2, tag: 'default', priority: 7 };
    await queue.enqueue(databases.enginePool, [
      { ...job, unit: 'first' },
      { ...job, unit: 'moved' },
      { ...job, unit: 'free' },
    ]);
    await owner.query('alter table lease alter column unit drop not null, drop column attempt, drop column priority, drop column queued_at');
    await owner.query(`update pgboss.job_common set state = 'active', retry_count = 3 where data ->> 'unit' <> 'free'`);
    await owner.query(
      `insert into lease (job_id, queue, job_attempt, worker_id, workspace_id, run_id, unit)
       select id, name, 3, $1, $2, $3, case data ->> 'unit' when 'moved' then 'second' end from pgboss.job_common where state = 'active'`,
      [worker, workspace, run],
    );

    await owner.query(await readFile(migration, 'utf8'));

    const waiting = async () =>
      (await queue.waitingOf(databases.enginePool, { run, tags: ['default'] })).map(({ unit, attempt }) => `${unit} ${attempt}`).sort();
    expect(await waiting()).toEqual(['free 2']);
    await returnUnknown(databases.enginePool, { worker, queue, known: new Set() });
    expect(await waiting()).toEqual(['first 2', 'free 2', 'second 1']);
    const claimed = await queue.claim(databases.enginePool, { tag: 'default', limit: 10, worker });
    expect(claimed.map(({ unit, lost }) => `${unit} ${lost}`).sort()).toEqual(['first 4', 'free 0', 'second 4']);
    expect(await waiting()).toEqual([]);
  } finally {
    await owner.end();
    await queue.close();
    await databases.close();
    await drop();
  }
});
