// What goes out without waiting for answers, on real Postgres: which error counts, and when a transaction is in.
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { inTransaction } from './claim.store.ts';
import { InFlight, together } from './in-flight.ts';

let fresh: FreshDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  fresh = await freshDatabase();
  pool = new pg.Pool({ connectionString: fresh.databases.engineUrl, max: 1, pipeline: true });
});
afterAll(async () => {
  await pool.end();
  await fresh.drop();
});

const counted = async () => (await pool.query<{ count: number }>('select count(*)::int as count from limit_key')).rows[0]?.count;
const insert = (client: Pick<pg.ClientBase, 'query'>, key: string) =>
  client.query('insert into limit_key (workspace_id, key) values ($1, $2)', [fresh.workspaceId, key]);

test('the first statement that failed is the one that is told, whatever was asked for after it', async () => {
  const inFlight = new InFlight();
  const work = inTransaction(pool, async (client) => {
    inFlight.add(insert(client, 'a'));
    inFlight.add(client.query('select 1 / 0'));
    await insert(client, 'b');
  }).catch(async (error: unknown) => {
    await inFlight.landed();
    throw error;
  });
  await expect(work).rejects.toMatchObject({ code: '22012' });
  expect(await counted()).toBe(0);
});

test('a commit that Postgres turns into a rollback is none, though it is answered without an error', async () => {
  const inFlight = new InFlight();
  const unseen = inTransaction(pool, async (client) => {
    inFlight.add(insert(client, 'c'));
    inFlight.add(client.query('select 1 / 0'));
  });
  await expect(unseen).rejects.toMatchObject({ code: 'commit.refused' });
  await expect(inFlight.landed()).rejects.toMatchObject({ code: '22012' });
  expect(await counted()).toBe(0);
});

test('what got through is in, though an answer before it was lost; else the first error counts', async () => {
  const lost = () => Promise.reject(new Error('Connection terminated'));
  const through = new InFlight();
  await through.until(async () => {
    through.add(lost());
    return { committed: Promise.resolve() };
  });
  const stuck = new InFlight();
  await expect(
    stuck.until(async () => {
      stuck.add(lost());
      return { committed: Promise.reject(new Error('later')) };
    }),
  ).rejects.toThrow('Connection terminated');
  await expect(together([Promise.resolve(1), Promise.reject(new Error('first')), Promise.reject(new Error('second'))])).rejects.toThrow('first');
});
