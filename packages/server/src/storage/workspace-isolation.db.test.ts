// A query that forgot to say its workspace: row-level security keeps it inside, and without row-level security it would not be kept.
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../base/ids.ts';
import { type FreshDatabase, freshDatabase } from '../testing/database.ts';
import { inWorkspace } from './database.ts';

let fresh: FreshDatabase;
let owner: pg.Client;
const other = newId();
beforeAll(async () => {
  fresh = await freshDatabase();
  owner = new pg.Client({ connectionString: fresh.address.ownerUrl });
  await owner.connect();
  await fresh.databases.engine.insertInto('workspace').values({ id: other, slug: 'other', title: 'Other' }).execute();
  for (const [workspace, slug] of [
    [fresh.workspaceId, 'ours'],
    [other, 'theirs'],
  ] as const) {
    const [flow, version] = [newId(), newId()];
    await owner.query(`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values ($1, $2, $3, $3, 'job', 1, 1)`, [
      workspace,
      flow,
      slug,
    ]);
    await owner.query(
      `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', '{}', '', 'test')`,
      [workspace, version, flow],
    );
    await owner.query(
      `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'queued', '{}', $5, now(), current_date)`,
      [workspace, newId(), flow, version, slug],
    );
    await owner.query(`insert into connection (workspace_id, id, slug, title, type, config) values ($1, $2, $3, $3, 'folder', '{}')`, [
      workspace,
      newId(),
      slug,
    ]);
  }
});
afterAll(async () => {
  await owner.end();
  await fresh.drop();
});

const faulty: [string, string][] = [
  ['a list without a predicate', 'select slug as name from flow'],
  ['a join over flows and runs', 'select f.slug as name from run r join flow f on true'],
  ['a look-up by what another workspace has', `select slug as name from connection where slug = 'theirs' or true`],
  ['a sub-query', `select (select string_agg(slug, ',') from connection) as name from workspace`],
  ['a union', 'select started_by as name from run union all select slug from flow'],
];

describe('a query without its workspace', () => {
  it.each(faulty)('%s shows nothing of another one', async (_, text) => {
    const { rows } = await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) => sql.raw<{ name: string }>(text).execute(trx));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ name }) => name).join()).not.toContain('theirs');
  });
  it.each(faulty)('%s would, were it run as the owner of the tables', async (_, text) => {
    const { rows } = await owner.query<{ name: string }>(text);
    expect(rows.map(({ name }) => name).join()).toContain('theirs');
  });
  it('changes nothing there either, and cannot plant a row there', async () => {
    const inOurs = <T>(text: string) => inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) => sql.raw<T>(text).execute(trx));
    await inOurs(`update connection set title = 'taken'`);
    await expect(inOurs(`delete from flow where slug = 'theirs'`)).rejects.toThrow(/permission denied/);
    await inOurs(`update flow set title = 'taken'`);
    const { rows } = await owner.query(
      `select (select title from connection where slug = 'theirs') as title, (select title from flow where slug = 'theirs') as flow`,
    );
    expect(rows).toEqual([{ title: 'theirs', flow: 'theirs' }]);
    await expect(
      inOurs(`insert into connection (workspace_id, id, slug, title, type, config) values ('${other}', '${newId()}', 'x', 'x', 'folder', '{}')`),
    ).rejects.toThrow(/row-level security/);
  });
  it('shows nothing at all outside of a workspace', async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from flow`.execute(fresh.databases.app);
    expect(rows).toEqual([{ n: 0 }]);
  });
});
