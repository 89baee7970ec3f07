import { text as textOf } from 'node:stream/consumers';
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import { permissions } from '@tidewheel/contract/route';
import type { AuditFilter } from '@tidewheel/contract/routes/audit';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isConsistent, openNote, type Verdict, verifyAudit } from '../../../../cli/src/commands/audit/verifier.ts';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { exportAudit, listAudit, showAudit, showCheckpoint } from './audit.service.ts';
import { createSigner } from './checkpoint.ts';
import { createSequencer, type Sequencer } from './sequencer.ts';

let fresh: FreshDatabase;
let sequencer: Sequencer;
let actor: Actor;
const signer = createSigner(Buffer.alloc(32, 7));
const deps = () => ({ databases: fresh.databases, signer });
const flowId = newId();

beforeAll(async () => {
  fresh = await freshDatabase();
  sequencer = createSequencer({ databases: fresh.databases, signer, log: pino({ level: 'silent' }) });
  actor = {
    userId: newId(),
    label: 'ada@example.org',
    workspaceId: fresh.workspaceId,
    role: 'admin',
    permissions: new Set(permissions),
    via: { requestId: 'req-1', address: '203.0.113.9' },
  };
});
afterAll(() => fresh.drop());

async function record(action: AuditAction, change: { before?: unknown; after?: unknown; id?: string } = {}): Promise<void> {
  const { id = flowId, ...rest } = change;
  await inWorkspace(fresh.databases.app, actor.workspaceId, (trx) =>
    recordAudit(trx, actor, { action, object: { type: 'flow', id, title: 'daily' }, ...rest }),
  );
}
const newest = async () => (await listAudit(deps(), actor, { limit: 1 })).items[0]?.id ?? '';
async function exported(filter: AuditFilter = {}): Promise<string> {
  await sequencer.run();
  return textOf((await exportAudit(deps(), actor, filter)).stream);
}
async function verdictOn(text: string, expected?: { key?: string; earlier?: string }): Promise<Verdict> {
  async function* lines() {
    yield* text.split('\n');
  }
  return verifyAudit(lines(), expected);
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

describe('entries', () => {
  it('are there with the change, or neither is', async () => {
    const changing = inWorkspace(fresh.databases.app, actor.workspaceId, async (trx) => {
      await recordAudit(trx, actor, { action: 'flow.applied', object: null });
      throw new Error('the change failed');
    });
    await expect(changing).rejects.toThrow('the change failed');
    expect((await listAudit(deps(), actor, { limit: 10 })).total).toBe(0);
  });

  it('say who, what, where from, before and after, and never an open secret', async () => {
    const release = redactor.watch(['correct-horse']);
    await record('flow.applied', { before: { version: 1 }, after: { version: 2, note: 'uses correct-horse' } });
    release();
    const entry = await showAudit(deps(), actor, await newest());
    expect(entry).toMatchObject({
      action: 'flow.applied',
      actor: { kind: 'user', id: actor.userId, label: 'ada@example.org' },
      object: { type: 'flow', id: flowId, title: 'daily' },
      requestId: 'req-1',
      address: '203.0.113.9',
      before: { version: 1 },
      after: { version: 2, note: 'uses [redacted]' },
      proof: null,
    });
    await sequencer.run();
    expect((await showAudit(deps(), actor, entry.id)).proof?.leafIndex).toBe(0);
  });

  it('can be read by whom the permission names, and from no other workspace', async () => {
    await expect(listAudit(deps(), { ...actor, permissions: new Set(permissions.filter((one) => one !== 'audit.read')) }, { limit: 1 })).rejects.toThrow(
      /audit.read/,
    );
    expect((await listAudit(deps(), { ...actor, workspaceId: newId() }, { limit: 1 })).items).toEqual([]);
  });

  it('are found by actor, action, object and time, page by page', async () => {
    const other = newId();
    for (let index = 0; index < 4; index++) await record('flow.archived', { id: other });
    const found = (filter: AuditFilter) => listAudit(deps(), actor, { ...filter, limit: 3 });
    const first = await found({ objectId: other });
    const second = await listAudit(deps(), actor, { objectId: other, limit: 3, cursor: first.next ?? '' });
    expect([first.items.length, second.items.length, first.total]).toEqual([3, 1, 4]);
    expect((await found({ actor: 'ADA@' })).total).toBe(5);
    expect((await found({ actor: 'a_a' })).total).toBe(0);
    expect((await found({ action: 'flow.applied' })).total).toBe(1);
    expect((await found({ from: new Date(Date.now() + 60_000).toISOString() })).total).toBe(0);
    expect((await found({ from: new Date(Date.now() - 60_000).toISOString(), to: new Date(Date.now() + 1_000).toISOString() })).total).toBe(5);
  });
});

describe('append-only', () => {
  const attempts = [
    `update audit_entry set action = 'flow.restored'`,
    `update audit_entry set body = null, salt = null`,
    'delete from audit_entry',
    'delete from audit_leaf',
    `update audit_checkpoint set note = ''`,
    'truncate audit_entry cascade',
  ];
  it.each(attempts)('the app and the engine are refused: %s', async (statement) => {
    const { CompiledQuery } = await import('kysely');
    for (const db of [fresh.databases.app, fresh.databases.engine])
      await expect(db.executeQuery(CompiledQuery.raw(statement))).rejects.toThrow(/permission denied/);
  });
  it.each([attempts[0], attempts[2], 'truncate audit_entry cascade'])('even the owner is refused: %s', async (statement) => {
    await expect(asOwner(statement ?? '')).rejects.toThrow(/never changed or removed/);
  });
  it('the app can add no leaf and no checkpoint', async () => {
    const adding = inWorkspace(fresh.databases.app, actor.workspaceId, (trx) =>
      trx
        .insertInto('audit_checkpoint')
        .values({ workspace_id: actor.workspaceId, size: 1, root: Buffer.alloc(32), note: '' })
        .execute(),
    );
    await expect(adding).rejects.toThrow(/permission denied/);
  });
});

describe('the proof', () => {
  it('of a complete export holds, and an earlier checkpoint is contained', async () => {
    await sequencer.run();
    const earlier = await showCheckpoint(deps(), actor, {});
    for (let index = 0; index < 5; index++) await record('flow.restored');
    const text = await exported();
    const verdict = await verdictOn(text, { key: signer.key, earlier: earlier.note });
    expect(verdict).toMatchObject({ sound: true, complete: true, faults: [], entries: earlier.size + 5, erased: 0 });
    const later = await showCheckpoint(deps(), actor, { since: earlier.size });
    const claim = {
      earlier: openNote(earlier.note, signer.key),
      later: openNote(later.note, signer.key),
      proof: (later.since?.proof ?? []).map((one) => Buffer.from(one, 'base64')),
    };
    expect(isConsistent(claim)).toBe(true);
  });

  it('of a selection holds for what is in it', async () => {
    expect(await verdictOn(await exported({ action: 'flow.restored' }), { key: signer.key })).toMatchObject({ sound: true, complete: false, entries: 5 });
  });

  it('of two sequencers at once is one tree without gaps', async () => {
    for (let index = 0; index < 20; index++) await record('flow.applied');
    const second = createSequencer({ databases: fresh.databases, signer, log: pino({ level: 'silent' }) });
    await Promise.all([sequencer.run(), second.run()]);
    expect(await verdictOn(await exported())).toMatchObject({ sound: true, complete: true });
  });

  it('fails for every kind of change to an export', async () => {
    const text = await exported();
    const lines = text.trimEnd().split('\n');
    const swapped = [...lines];
    [swapped[2], swapped[3]] = [lines[3] ?? '', lines[2] ?? ''];
    const changes: Record<string, string> = {
      'a changed name': text.replace('ada@example.org', 'eve@example.org'),
      'a changed action': text.replace('flow.archived', 'flow.restored'),
      'a line left out': lines.filter((_, index) => index !== 3).join('\n'),
      'the end cut off': lines.slice(0, -2).join('\n'),
      'two lines swapped': swapped.join('\n'),
      'no JSON': text.replace('{"type":"entry"', '{"type":entry'),
      'an empty file': '',
    };
    for (const [what, changed] of Object.entries(changes)) expect([what, (await verdictOn(changed)).sound]).toEqual([what, false]);
    expect((await verdictOn(text, { key: createSigner(Buffer.alloc(32, 8)).key })).sound).toBe(false);
  });

  it('survives the erasure of a content, which leaves no trace of it', async () => {
    const [first] = (await listAudit(deps(), actor, { action: 'flow.archived', limit: 1 })).items;
    await asOwner(`update audit_entry set body = null, salt = null where id = '${first?.id}'`);
    const text = await exported();
    expect(await verdictOn(text)).toMatchObject({ sound: true, complete: true, erased: 1 });
    expect(await showAudit(deps(), actor, first?.id ?? '')).toMatchObject({ erased: true, actor: null, object: null, before: null, after: null });
  });

  it('names the row that somebody with the rights of the owner changed, also when he made its hash anew', async () => {
    const target = await newest();
    const silently = (statement: string) => asOwner('alter table audit_entry disable trigger user', statement, 'alter table audit_entry enable trigger user');
    await exported();
    await silently(`update audit_entry set body = replace(body::text, 'ada@', 'eve@')::json where id = '${target}'`);
    const crude = await verdictOn(await exported());
    expect(crude.faults).toEqual([expect.stringMatching(new RegExp(`entry ${target}: its content was changed`))]);
    await silently(`update audit_entry set payload_hash = sha256(salt || convert_to(body::text, 'UTF8')) where id = '${target}'`);
    const careful = await verdictOn(await exported());
    expect(careful.faults[0]).toMatch(new RegExp(`entry ${target}: is not the entry that was signed`));
  });
});
