// The trail for who may see a part of each entry only.
import { permissions } from '@tidewheel/contract/route';
import { listAudit as listRoute } from '@tidewheel/contract/routes/audit';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { maskText } from '../../base/masked-view.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { exportAudit, listAudit, showAudit } from './audit.service.ts';
import { listChangeModules, showChange } from './changes.service.ts';
import { createSigner } from './checkpoint.ts';
import { createSequencer } from './sequencer.ts';

let fresh: FreshDatabase;
let admin: Actor;
let id: string;
const signer = createSigner(Buffer.alloc(32, 7));
const deps = () => ({ databases: fresh.databases, signer });
beforeAll(async () => {
  fresh = await freshDatabase();
  const via = { requestId: 'req-1', address: '203.0.113.9' };
  admin = { userId: newId(), label: 'ada@example.org', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions), via };
  const object = { type: 'connection', id: newId(), title: 'bank' };
  await inWorkspace(fresh.databases.app, fresh.workspaceId, (trx) =>
    recordAudit(trx, admin, {
      action: 'connection.updated',
      object,
      before: { host: 'old.example.com', title: 'Bank' },
      after: { host: 'new.example.com', title: 'Bank' },
    }),
  );
  await createSequencer({ databases: fresh.databases, signer, log: pino({ level: 'silent' }) }).run();
  id = (await listAudit(deps(), admin, { limit: 1 })).items[0]?.id ?? '';
});
afterAll(() => fresh.drop());

const eve = (field: 'before' | 'after' | 'after.host' | 'address', as: 'masked' | 'hidden') =>
  limitedActor(fresh.workspaceId, { rules: [{ permissions: ['audit.read', 'change.read', 'connection.read'] }], masks: [{ type: 'audit', field, as }] });

it('shows an administrator all of it', async () => {
  const shown = await showAudit(deps(), admin, id);
  expect(shown).toMatchObject({ address: '203.0.113.9', before: { host: 'old.example.com' } });
  expect(shown.proof).toMatchObject({ payload: expect.stringContaining('old.example.com'), salt: expect.any(String) });
});

it('cuts what is kept, also out of the proof, whose salt would let it be guessed', async () => {
  expect((await listAudit(deps(), eve('address', 'masked'), { limit: 1 })).items).toMatchObject([{ address: maskText }]);
  expect((await listAudit(deps(), eve('address', 'hidden'), { limit: 1 })).items).toMatchObject([{ address: null }]);
  const shown = await showAudit(deps(), eve('after.host', 'masked'), id);
  expect(shown).toMatchObject({ before: { host: 'old.example.com' }, after: { host: maskText, title: 'Bank' }, proof: { payload: null, salt: null } });
  expect(JSON.stringify(shown)).not.toContain('new.example.com');
  const before = await showAudit(deps(), eve('before', 'hidden'), id);
  expect(before).toMatchObject({ before: null, after: { host: 'new.example.com' } });
  expect(JSON.stringify(before)).not.toContain('old.example.com');
});

it('exports nothing to who may see a part of it, and has no filter on what is kept', async () => {
  for (const field of ['before', 'after.host', 'address'] as const)
    await expect(exportAudit(deps(), eve(field, 'masked'), {})).rejects.toMatchObject({ status: 403, code: 'field.kept', details: { why: ['role Limited'] } });
  expect(Object.keys(listRoute.query.shape)).not.toContain('address');
});

it('keeps the change log of a module for who may read all of its objects, and contents from who sees entries in part', async () => {
  const modules = {
    databases: fresh.databases,
    modules: [{ name: 'connections', title: 'Connections', sees: 'connection.read' as const, reverts: {}, shows: { 'connection.updated': 'no' } }],
  };
  expect(await showChange(modules, admin, id)).toMatchObject({ after: { host: 'new.example.com' } });
  expect(await showChange(modules, eve('address', 'masked'), id)).toMatchObject({ before: null, after: null });
  const some = limitedActor(fresh.workspaceId, {
    rules: [{ permissions: ['change.read'] }, { permissions: ['connection.read'], where: { folder: ['finance'] } }],
  });
  expect(await listChangeModules(modules, some)).toEqual([]);
  await expect(showChange(modules, some, id)).rejects.toMatchObject({ code: 'change.unknown' });
});
