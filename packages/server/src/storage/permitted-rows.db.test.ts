// For any rules and any rows: what a list shows is what would be shown one by one.
import { Ability, type Attributes } from '@tidewheel/contract/ability';
import { attributes, Rule, type RuleSource } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../base/actor.ts';
import { newId } from '../base/ids.ts';
import { flowColumns } from '../engine/flows/flows.store.ts';
import { runColumns } from '../engine/runs/runs.store.ts';
import { connectionColumns } from '../features/connections/connections.store.ts';
import { type FreshDatabase, freshDatabase } from '../testing/database.ts';
import { inWorkspace } from './database.ts';
import { permittedRows } from './permitted-rows.ts';

const folders = [null, 'finance', 'finance/emir', 'finance-old', 'fin', 'f%', 'f_nance', 'Finance'];
const kinds = ['pipeline', 'report', 'job'] as const;
const people = ['ann@example.com', 'bob@example.com', 'a_n@example.com', 'ann'];
const types = ['sftp', 'folder', 'sftp2'];

let fresh: FreshDatabase;
const flows: Attributes[] = [];
const runs: Attributes[] = [];
const connections: Attributes[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  const { engine, enginePool } = fresh.databases;
  const workspace = fresh.workspaceId;
  let n = 0;
  for (const folder of folders)
    for (const kind of kinds) {
      const id = newId();
      const version = newId();
      const slug = n % 3 === 0 ? `emir-${n++}` : `x${n++}`;
      flows.push({ flow: slug, folder, kind });
      await engine
        .insertInto('flow')
        .values({ workspace_id: workspace, id, slug, title: slug, kind, folder, description: null, newest_version: 1, step_count: 1, archived_at: null })
        .execute();
      await enginePool.query(
        `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', '{}', '', 'test')`,
        [workspace, version, id],
      );
      for (const person of people) {
        runs.push({ flow: slug, folder, kind, startedBy: person });
        await enginePool.query(
          `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today) values ($1, $2, $3, $4, 'queued', '{}', $5, now(), current_date)`,
          [workspace, newId(), id, version, person],
        );
      }
      for (const type of types) {
        connections.push({ connection: `${slug}-${type}`, folder, type });
        await engine
          .insertInto('connection')
          .values({
            workspace_id: workspace,
            id: newId(),
            slug: `${slug}-${type}`,
            title: slug,
            type,
            folder,
            config: '{}',
            credential_id: null,
            archived_at: null,
          })
          .execute();
      }
    }
});
afterAll(() => fresh.drop());

const values: Record<string, string[]> = {
  flow: ['emir-0', 'x1', 'emir-*', 'e*', '*', 'emir', "o'x", 'nothing'],
  folder: ['finance', 'finance/emir', 'fin*', 'finance/*', 'f%', 'f_nance', 'Finance', 'other', '*'],
  kind: [...kinds, 'rep*', 'color'],
  startedBy: ['@me', 'ann@example.com', 'a*', 'a_n@example.com', 'nobody'],
  connection: ['x1-sftp', 'emir-*', '*', 'x1'],
  type: ['sftp', 'sftp*', 'folder', 'other'],
};

function ruleFor(permission: Permission, names: readonly string[]) {
  const where = fc
    .record(
      Object.fromEntries(names.map((name) => [name, fc.option(fc.subarray(values[name] ?? [], { minLength: 1, maxLength: 3 }), { nil: undefined, freq: 2 })])),
    )
    .map((given) => Object.fromEntries(Object.entries(given).filter(([, some]) => some !== undefined)));
  return fc
    .record({ effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'), where: fc.option(where, { nil: undefined, freq: 4 }) })
    .map(({ effect, where: some }) => Rule.parse({ effect, permissions: [permission], ...(some ? { where: some } : {}) }));
}

function actorsFor(permission: Permission, names: readonly string[]) {
  const source = fc
    .record({
      kind: fc.constantFrom('role', 'grant', 'role', 'grant', 'scope'),
      rules: fc.array(ruleFor(permission, names), { maxLength: 4 }),
      me: fc.constantFrom(...people),
    })
    .map((part) => ({ ...part, id: null, title: 'x', masks: [], until: null }) as unknown as RuleSource);
  return fc.array(source, { minLength: 1, maxLength: 3 }).map((sources): Actor => {
    const ability = new Ability(sources);
    return { userId: newId(), label: 'ann@example.com', workspaceId: fresh.workspaceId, role: null, permissions: ability.permissions, ability };
  });
}

interface Listed {
  permission: Permission;
  names: readonly string[];
  rows: Attributes[];
  columns: Record<string, string>;
  from: string;
}
const lists: Record<string, () => Listed> = {
  flows: () => ({ permission: 'flow.edit', names: attributes.flow, rows: flows, columns: flowColumns, from: 'flow' }),
  runs: () => ({ permission: 'run.read', names: attributes.run, rows: runs, columns: runColumns, from: 'run join flow on flow.id = run.flow_id' }),
  connections: () => ({ permission: 'connection.read', names: attributes.connection, rows: connections, columns: connectionColumns, from: 'connection' }),
};

it.each(Object.keys(lists))('selects exactly the %s that the rules allow', async (name) => {
  const list = lists[name]?.() as Listed;
  const seen = { some: 0, none: 0, all: 0 };
  await fc.assert(
    fc.asyncProperty(actorsFor(list.permission, list.names), async (actor) => {
      const texts = list.names.map((attribute) => sql`${sql.ref(list.columns[attribute] ?? '')}`);
      const { rows } = await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) =>
        sql<{
          row: (string | null)[];
        }>`select array[${sql.join(texts)}] as row from ${sql.raw(list.from)} where ${permittedRows(actor, list.permission, list.columns)}`.execute(trx),
      );
      const expected = list.rows.filter((row) => actor.ability?.can(list.permission, row));
      seen[expected.length === 0 ? 'none' : expected.length === list.rows.length ? 'all' : 'some']++;
      const sorted = (some: (string | null | undefined)[][]) => some.map((row) => JSON.stringify(row)).sort();
      expect(sorted(rows.map(({ row }) => row))).toEqual(sorted(expected.map((row) => list.names.map((attribute) => row[attribute]))));
    }),
    { numRuns: 250 },
  );
  // Else the property would hold of nothing.
  expect(seen.some).toBeGreaterThan(20);
});
