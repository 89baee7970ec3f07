import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { inWorkspace } from '../storage/database.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

test('the app role sees its own workspace and no other', async () => {
  const other = newId();
  await fresh.databases.engine.insertInto('workspace').values({ id: other, slug: 'other', title: 'Other' }).execute();
  const seen = await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) => trx.selectFrom('workspace').select('id').execute());
  expect(seen).toEqual([{ id: fresh.workspaceId }]);
  expect(await fresh.databases.app.selectFrom('workspace').select('id').execute()).toEqual([]);
  expect(await fresh.databases.engine.selectFrom('workspace').select('id').execute()).toHaveLength(2);
});

test('the app role cannot become the owner or leave its workspace by writing', async () => {
  await expect(sql`set role tidewheel`.execute(fresh.databases.app)).rejects.toThrow(/permission denied/);
  const foreign = { workspace_id: newId(), id: newId(), slug: 'x', title: 'X', kind: 'pipeline' as const, description: null, newest_version: 1, step_count: 1 };
  await expect(inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) => trx.insertInto('flow').values(foreign).execute())).rejects.toThrow(
    /row-level security/,
  );
});
