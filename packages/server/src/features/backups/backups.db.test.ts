import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { permissions } from '@tidewheel/contract/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { inWorkspace } from '../../storage/database.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { backedTables, leftOutTables } from './backed-tables.ts';
import { type BackupDeps, compareBackup, createBackup, restoreBackup, verifyBackup } from './backups.service.ts';
import { tablesOfWorkspaces } from './backups.store.ts';

let fresh: FreshDatabase;
let deps: BackupDeps;
let admin: Actor;
let folder: string;
const calendar = newId();
const target = newId();
const other = newId();
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-backups-'));
  deps = { databases: fresh.databases, objects: await createLocalStore(path.join(folder, 'objects')), auditKey: randomBytes(32), scratch: folder };
  admin = { userId: newId(), label: 'admin@example.com', workspaceId: fresh.workspaceId, role: 'admin', permissions: new Set(permissions) };
  await run('insert into workspace (id, slug, title) values ($1, $2, $2)', [other, 'other']);
  for (const [workspace, id, slug] of [
    [admin.workspaceId, calendar, 'desk'],
    [other, newId(), 'foreign-calendar'],
  ] as const)
    await run('insert into calendar (workspace_id, id, slug, title, description, newest_version) values ($1, $2, $3, $3, $4, 1)', [workspace, id, slug, '']);
  const { sha256, size, md5 } = await deps.objects.put(admin.workspaceId, Readable.from([Buffer.from('0012345,1e+08\n')]));
  await run('insert into object (workspace_id, sha256, size) values ($1, $2, $3)', [admin.workspaceId, sha256, size]);
  await run('insert into stored_file (workspace_id, id, slug, name, media_type, sha256, md5, size, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    admin.workspaceId,
    target,
    'venues',
    'venues.csv',
    'text/csv',
    sha256,
    md5,
    size,
    'admin@example.com',
  ]);
});
afterAll(async () => {
  await fresh?.drop();
  await rm(folder, { recursive: true, force: true });
});

const run = (text: string, values: unknown[] = []) => fresh.databases.enginePool.query(text, values);
const made = async () => Buffer.concat(await Array.fromAsync((await createBackup(deps, admin)).stream));
const given = (content: Buffer) => Readable.from([content]);
const rowsOf = async (table: string) =>
  (await run(`select row_to_json(t)::text as row from ${table} t where workspace_id = $1 order by 1`, [admin.workspaceId])).rows;

describe('a backup', () => {
  it('decides about every table that has a workspace', async () => {
    const tables = await inWorkspace(fresh.databases.app, admin.workspaceId, (trx) => tablesOfWorkspaces(trx));
    const decided = [...backedTables, ...Object.keys(leftOutTables)];
    expect(tables.filter((table) => !decided.includes(table))).toEqual([]);
    expect(new Set(decided).size).toBe(decided.length);
  });

  it('brings back what was changed and what is gone, with its files, and leaves what came later', async () => {
    const before = { calendars: await rowsOf('calendar'), files: await rowsOf('stored_file') };
    const file = await made();
    const text = gunzipSync(file).toString();
    expect(text).toContain('"desk"');
    expect(text).not.toContain('foreign-calendar');
    expect((await verifyBackup(deps, admin, given(file))).objects).toEqual({ count: 1, bytes: 14 });
    await run(`update calendar set title = 'spoiled' where id = $1`, [calendar]);
    await run('delete from stored_file where id = $1', [target]);
    const compared = await compareBackup(deps, admin, given(file));
    expect(compared.tables.find(({ table }) => table === 'calendar')).toMatchObject({ added: 0, changed: 1, names: ['desk'] });
    expect(compared.tables.find(({ table }) => table === 'stored_file')).toMatchObject({ added: 1, changed: 0, names: ['venues'] });
    expect(await rowsOf('stored_file')).toEqual([]);
    const elsewhere = { ...deps, objects: await createLocalStore(path.join(folder, 'elsewhere')) };
    expect((await restoreBackup(elsewhere, admin, given(file))).tables).toEqual(compared.tables);
    expect({ calendars: await rowsOf('calendar'), files: await rowsOf('stored_file') }).toEqual(before);
    const sha256 = (JSON.parse(before.files[0].row) as { sha256: string }).sha256;
    expect(Buffer.concat(await Array.fromAsync(await elsewhere.objects.read(admin.workspaceId, sha256))).toString()).toBe('0012345,1e+08\n');
    const again = await compareBackup(deps, admin, given(file));
    expect(again.tables.filter(({ added, changed }) => added + changed > 0)).toEqual([]);
  });

  it('writes nothing at all when a name was taken since', async () => {
    const file = await made();
    await run('delete from calendar where id = $1', [calendar]);
    await run('delete from stored_file where id = $1', [target]);
    const taken = newId();
    await run('insert into calendar (workspace_id, id, slug, title, description, newest_version) values ($1, $2, $3, $3, $4, 1)', [
      admin.workspaceId,
      taken,
      'desk',
      '',
    ]);
    await expect(restoreBackup(deps, admin, given(file))).rejects.toMatchObject({ code: 'backup.clash' });
    expect(await rowsOf('stored_file')).toEqual([]);
    await run('delete from calendar where id = $1', [taken]);
    await restoreBackup(deps, admin, given(file));
    expect(await rowsOf('stored_file')).toHaveLength(1);
  });
});

describe('a file that is not as it was made', () => {
  const changed = async (change: (text: string) => string) => gzipSync(change(gunzipSync(await made()).toString()));

  it.each<[string, (text: string) => string]>([
    ['a changed row', (text) => text.replace('venues.csv', 'malice.csv')],
    ['a changed file', (text) => text.replace(/^C.*$/m, `C${Buffer.from('other').toString('base64')}`)],
    ['a row of another workspace', (text) => text.replaceAll(admin.workspaceId, other)],
    ['a path instead of a hash', (text) => text.replace(/^O.*$/m, 'O{"sha256":"../../etc/passwd","size":1}')],
    ['a missing end', (text) => text.replace(/^E.*\n/m, '')],
    ['something after its end', (text) => `${text}R{}\n`],
    ['a line that is no JSON', (text) => text.replace(/^T.*$/m, 'T{')],
  ])('is refused: %s', async (_, change) => {
    await expect(restoreBackup(deps, admin, given(await changed(change)))).rejects.toMatchObject({ code: 'backup.broken', status: 400 });
  });

  it('is refused when it is cut off, no backup at all, of a newer format, or of another installation', async () => {
    const file = await made();
    for (const wrong of [file.subarray(0, file.length - 20), Buffer.from('PK no'), Buffer.alloc(0)])
      await expect(verifyBackup(deps, admin, given(wrong))).rejects.toMatchObject({ code: 'backup.broken' });
    const newer = await changed((text) => text.replace('"format":1', '"format":2'));
    await expect(verifyBackup(deps, admin, given(newer))).rejects.toMatchObject({ code: 'backup.newer' });
    await expect(verifyBackup({ ...deps, auditKey: randomBytes(32) }, admin, given(file))).rejects.toMatchObject({ code: 'backup.broken' });
  });

  it('is refused as a bomb before it fills anything', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 ** 2));
    await expect(verifyBackup(deps, admin, given(bomb))).rejects.toMatchObject({ code: 'backup.bomb' });
  });

  it('is not restored into another workspace, nor by who may not', async () => {
    const file = await made();
    await expect(restoreBackup(deps, { ...admin, workspaceId: other }, given(file))).rejects.toMatchObject({ code: 'backup.other_workspace' });
    await expect(createBackup(deps, { ...admin, role: 'viewer', permissions: new Set() })).rejects.toMatchObject({ status: 403 });
  });
});
