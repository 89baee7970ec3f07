// PERF-03: sixty connections at once on a server that allows them; what is asked for beyond the pool waits for a free one and does not fail.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../base/settings.ts';
import { inWorkspace } from '../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../testing/database.ts';
import { poolSize } from './foundation.ts';

let database: FreshDatabase;
let size: number;
beforeAll(async () => {
  size = poolSize(readSettings({ TIDEWHEEL_DATABASE_POOL: '60' }));
  database = await freshDatabase({ size });
});
afterAll(() => database.drop());

test('sixty transactions hold a connection each, and forty more wait for theirs', async () => {
  expect(size).toBe(60);
  const { databases, workspaceId } = database;
  const inside = new Set<number>();
  let most = 0;
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const work = Array.from({ length: 100 }, (_, n) =>
    inWorkspace(databases.app, workspaceId, async (trx) => {
      inside.add(n);
      most = Math.max(most, inside.size);
      await gate;
      const { id } = await trx.selectFrom('workspace').select('id').executeTakeFirstOrThrow();
      inside.delete(n);
      return id;
    }),
  );
  await expect.poll(() => inside.size).toBe(60);
  open();
  const { rows } = await databases.enginePool.query<{ held: number }>(
    `select count(*)::int as held from pg_stat_activity where datname = current_database() and usename = 'tidewheel_app'`,
  );
  expect(rows[0]?.held).toBe(60);
  expect(new Set(await Promise.all(work))).toEqual(new Set([workspaceId]));
  expect(most).toBe(60);
});
