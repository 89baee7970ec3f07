// What people did may have to be forgotten; the proof of everything else must hold all the same.
import { text as textOf } from 'node:stream/consumers';
import { permissions } from '@tidewheel/contract/route';
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../../cli/src/commands/audit/verifier.ts';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { exportAudit, listAudit } from './audit.service.ts';
import { createSigner } from './checkpoint.ts';
import { updateRetention } from './retention.service.ts';
import { eraseOldAudit } from './retention.ts';
import { createSequencer, type Sequencer } from './sequencer.ts';

let fresh: FreshDatabase;
let sequencer: Sequencer;
let actor: Actor;
const signer = createSigner(Buffer.alloc(32, 7));
const deps = () => ({ databases: fresh.databases, signer });

beforeAll(async () => {
  fresh = await freshDatabase();
  sequencer = createSequencer({ databases: fresh.databases, signer, log: pino({ level: 'silent' }) });
  actor = { userId: newId(), label: 'ada@example.org', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
});
afterAll(() => fresh.drop());

function record(id: string): Promise<void> {
  return inWorkspace(fresh.databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, { action: 'flow.applied', object: { type: 'flow', id, title: 'daily' }, after: { version: 9 } }),
  );
}
async function verdict() {
  await sequencer.run();
  const text = await textOf((await exportAudit(deps(), actor, {})).stream);
  async function* lines() {
    yield* text.split('\n');
  }
  return verifyAudit(lines());
}
async function asOwner(...statements: string[]): Promise<void> {
  const owner = new pg.Client({ connectionString: fresh.address.ownerUrl });
  await owner.connect();
  try {
    for (const statement of statements) await owner.query(statement);
  } finally {
    await owner.end();
  }
}

describe('retention', () => {
  const keep = (days: number | null) => updateRetention(deps(), actor, days);
  const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

  it('erases contents that are older than the rule says, no others, and every proof still holds', async () => {
    const old = newId();
    await record(old);
    await record(newId());
    await asOwner(
      'alter table audit_entry disable trigger audit_entry_stays',
      `update audit_entry set at = '${at(40)}' where object_id = '${old}'`,
      'alter table audit_entry enable trigger audit_entry_stays',
    );
    await sequencer.run();
    const before = await listAudit(deps(), actor, { limit: 200 });
    expect(await eraseOldAudit(fresh.databases)).toBe(0);
    await keep(30);
    expect(await eraseOldAudit(fresh.databases)).toBe(1);
    const after = await listAudit(deps(), actor, { limit: 200 });
    const erased = (items: { erased: boolean }[]) => items.filter((item) => item.erased).length;
    expect(erased(after.items)).toBe(erased(before.items) + 1);
    // The change of the rule and the erasure itself.
    expect(after.total).toBe(before.total + 2);
    expect(after.items[0]).toMatchObject({ action: 'audit.erased', actor: { kind: 'system', label: 'retention' } });
    expect(await verdict()).toMatchObject({ sound: true, complete: true });
    expect((await listAudit(deps(), actor, { objectId: old, limit: 10 })).items).toEqual([]);
    await keep(null);
  });

  it('is set by whom the permission names, and never to less than 30 days', async () => {
    await expect(updateRetention(deps(), { ...actor, permissions: new Set(['audit.read']) }, 60)).rejects.toThrow(/audit.edit/);
    await expect(keep(1)).rejects.toThrow(/audit_retention_days_check/);
  });

  it('is the only way to erase: the function takes no date from its caller', async () => {
    await expect(fresh.databases.app.executeQuery(CompiledQuery.raw(`select * from erase_old_audit('${actor.workspaceId}', 10)`))).rejects.toThrow(
      /permission denied/,
    );
    expect(await eraseOldAudit(fresh.databases)).toBe(0);
  });
});
