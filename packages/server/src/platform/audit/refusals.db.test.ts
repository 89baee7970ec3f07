import { NotFound } from '@tidewheel/contract/errors';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { requirePermission } from '../../base/actor.ts';
import { requireRead } from '../../base/object-access.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { createRefusals, refusalLimits } from './refusals.ts';

let fresh: FreshDatabase;
let eve: Actor;
beforeAll(async () => {
  fresh = await freshDatabase();
  eve = limitedActor(fresh.workspaceId, { rules: [{ permissions: ['flow.read'], where: { folder: ['finance'] } }] });
});
afterAll(() => fresh.drop());

const thrownBy = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};
const refusedFlow = (flow: string) => thrownBy(() => requirePermission(eve, 'flow.edit', { flow, folder: null, kind: 'job' }));
const hiddenFlow = (flow: string) =>
  thrownBy(() => requireRead(eve, { read: 'flow.read', object: { flow, folder: null, kind: 'job' }, unknown: () => new NotFound('flow.unknown', 'None.') }));
async function entries(): Promise<{ object: { id: string } | null; after: Record<string, unknown>; actor: { label: string } }[]> {
  const { rows } = await fresh.databases.enginePool.query<{ body: never }>(`select body from audit_entry where action = 'permission.refused' order by id`);
  return rows.map((row) => row.body);
}

it('a refusal leaves one entry a minute for the same person, permission and object; a hidden one, too', async () => {
  let at = 0;
  const refusals = createRefusals({ databases: fresh.databases, log: pino({ level: 'silent' }), now: () => at });
  for (let n = 0; n < 5; n++) refusals.note({ actor: eve, error: refusedFlow('a'), route: 'flow.apply' });
  refusals.note({ actor: eve, error: hiddenFlow('b'), route: 'flow.show' });
  refusals.note({ actor: eve, error: new NotFound('flow.unknown', 'None.'), route: 'flow.show' });
  refusals.note({ actor: null, error: refusedFlow('c'), route: 'flow.show' });
  refusals.note({ actor: { ...eve, userId: null }, error: refusedFlow('c'), route: 'flow.show' });
  await refusals.settled();
  const noted = await entries();
  expect(noted.map(({ object }) => object?.id)).toEqual(['a', 'b']);
  expect(noted[0]).toMatchObject({
    actor: { label: 'eve@example.com' },
    after: { permission: 'flow.edit', route: 'flow.apply', object: { flow: 'a', folder: null, kind: 'job' } },
  });
  at = refusalLimits.onceInMs;
  refusals.note({ actor: eve, error: refusedFlow('a'), route: 'flow.apply' });
  await refusals.settled();
  expect(await entries()).toHaveLength(3);
});

it('who tries every name fills neither the trail nor the memory, and a database that is away stops nothing', async () => {
  const before = (await entries()).length;
  const limits = { ...refusalLimits, mostOfActor: 7, mostKnown: 3 };
  const refusals = createRefusals({ databases: fresh.databases, log: pino({ level: 'silent' }), limits, now: () => 0 });
  for (let n = 0; n < 500; n++) refusals.note({ actor: eve, error: refusedFlow(`f-${n}`), route: 'flow.show' });
  await refusals.settled();
  expect((await entries()).length - before).toBe(7);
  const broken = createRefusals({ databases: { ...fresh.databases, app: {} as never }, log: pino({ level: 'silent' }) });
  broken.note({ actor: eve, error: refusedFlow('x'), route: 'flow.show' });
  await expect(broken.settled()).resolves.toBeUndefined();
});
