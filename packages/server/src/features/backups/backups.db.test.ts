import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Backup } from '@tidewheel/contract/backup';
import { backupKinds } from '@tidewheel/contract/backup-kinds';
import { permissions } from '@tidewheel/contract/route';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../base/actor.ts';
import { newId } from '../../base/ids.ts';
import { createLogger } from '../../base/logger.ts';
import { inWorkspace } from '../../storage/database.ts';
import { createLocalStore } from '../../storage/objects/local-store.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { backedTables, leftOutTables } from './backed-tables.ts';
import { BackgroundWork } from './background-work.ts';
import { checkFile } from './backup-file.ts';
import {
  type AskedBackup,
  type BackupDeps,
  compareBackup,
  compareBackupRows,
  createBackup,
  downloadBackup,
  listBackups,
  restoreBackup,
  showBackup,
} from './backups.service.ts';
import { tablesOfWorkspaces } from './backups.store.ts';
import { removeBackup, uploadBackup } from './keep-backups.service.ts';
import { verifyBackup } from './verify-backup.service.ts';
import { sealKey } from './write-backup.ts';

let fresh: FreshDatabase;
let deps: BackupDeps;
let admin: Actor;
let folder: string;
const calendar = newId();
const target = newId();
const other = newId();
const passphrase = 'correct horse battery';
const { signal } = new AbortController();
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tw-backups-'));
  const outside = path.join(folder, 'outside');
  deps = {
    databases: fresh.databases,
    objects: await createLocalStore(path.join(folder, 'objects')),
    auditKey: randomBytes(32),
    scratch: folder,
    uploadMaxBytes: () => 1024 ** 3,
    work: new BackgroundWork(createLogger({ role: 'test', level: 'silent' })),
    // The connectors are the steps' own; what reaches a folder here is as real.
    places: {
      put: (_place, local) => copyFile(path.join(local.folder, local.name), `${outside}-${local.name}`),
      read: (place) => createReadStream(`${outside}-${place.path}`),
      sizeOf: async (place) => (await stat(`${outside}-${place.path}`).catch(() => undefined))?.size,
      remove: (place) => rm(`${outside}-${place.path}`),
    },
  };
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
const begun = async (asked: Partial<AskedBackup> = {}) => {
  const { number } = await createBackup(deps, admin, { scope: 'workspace', ...asked });
  await deps.work.settled();
  const backup = await showBackup(deps, admin, number);
  expect(backup.error).toBeNull();
  return backup;
};
const bytesOf = async ({ number }: Backup) => Buffer.concat(await Array.fromAsync((await downloadBackup(deps, admin, { number, signal })).stream));
const given = (content: Buffer) => uploadBackup(deps, admin, Readable.from([content]));
const opened = ({ number }: Backup) => ({ number, signal });
const rowsOf = async (table: string) =>
  (await run(`select row_to_json(t)::text as row from ${table} t where workspace_id = $1 order by 1`, [admin.workspaceId])).rows;

describe('a backup', () => {
  it('decides about every table that has a workspace, and has a name for its kind', async () => {
    const tables = await inWorkspace(fresh.databases.app, admin.workspaceId, (trx) => tablesOfWorkspaces(trx));
    const decided = [...Object.keys(backedTables), ...Object.keys(leftOutTables)];
    expect(tables.filter((table) => !decided.includes(table))).toEqual([]);
    expect(new Set(decided).size).toBe(decided.length);
    expect(Object.keys(backupKinds).sort()).toEqual(Object.keys(backedTables).sort());
  });

  it('brings back what was changed and what is gone, with its files, and leaves what came later', async () => {
    const before = { calendars: await rowsOf('calendar'), files: await rowsOf('stored_file') };
    const backup = await begun();
    expect(backup).toMatchObject({ state: 'ready', files: 1, encrypted: false });
    const text = gunzipSync(await bytesOf(backup)).toString();
    expect(text).toContain('"desk"');
    expect(text).not.toContain('foreign-calendar');
    await run(`update calendar set title = 'spoiled' where id = $1`, [calendar]);
    await run('delete from stored_file where id = $1', [target]);
    const later = newId();
    await run('insert into calendar (workspace_id, id, slug, title, description, newest_version) values ($1, $2, $3, $3, $4, 1)', [
      admin.workspaceId,
      later,
      'later',
      '',
    ]);
    const compared = await compareBackup(deps, admin, opened(backup));
    expect(compared.tables.find(({ table }) => table === 'calendar')).toMatchObject({ added: 0, changed: 1, kept: 1, names: ['desk'] });
    expect(compared.tables.find(({ table }) => table === 'stored_file')).toMatchObject({ added: 1, changed: 0, names: ['venues'] });
    const { rows } = await compareBackupRows(deps, admin, { ...opened(backup), table: 'calendar' });
    expect(rows).toMatchObject([
      { change: 'changed', name: 'desk', now: { title: 'spoiled' }, was: { title: 'desk' } },
      { change: 'kept', name: 'later', was: null },
    ]);
    expect((await compareBackupRows(deps, admin, { ...opened(backup), table: 'stored_file' })).rows).toMatchObject([
      { change: 'added', name: 'venues', now: null },
    ]);
    await expect(compareBackupRows(deps, admin, { ...opened(backup), table: 'lease' })).rejects.toMatchObject({ code: 'backup.no_kind' });
    expect(await rowsOf('stored_file')).toEqual([]);
    await run('delete from calendar where id = $1', [later]);
    const restored = await restoreBackup(deps, admin, opened(backup));
    expect(restored.tables.find(({ table }) => table === 'calendar')).toMatchObject({ changed: 1 });
    expect({ calendars: await rowsOf('calendar'), files: await rowsOf('stored_file') }).toEqual(before);
    expect(await showBackup(deps, admin, restored.before)).toMatchObject({
      origin: 'restore',
      state: 'ready',
      title: `Before backup ${backup.number} was restored`,
    });
    expect((await showBackup(deps, admin, backup.number)).restored).toMatchObject({ by: 'admin@example.com' });
    const again = await compareBackup(deps, admin, opened(backup));
    expect(again.tables.filter(({ added, changed }) => added + changed > 0)).toEqual([]);
  });

  it('is proven in a scratch workspace, of which nothing stays, with ids that are unique over all workspaces', async () => {
    const [flow, version, ended] = [newId(), newId(), newId()];
    await run(`insert into flow (workspace_id, id, slug, title, kind, newest_version, step_count) values ($1, $2, 'morning', 'Morning', 'color', 1, 1)`, [
      admin.workspaceId,
      flow,
    ]);
    await run(
      `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, 'flow: morning', '{}', 'x', 'a')`,
      [admin.workspaceId, version, flow],
    );
    for (const [id, state] of [
      [ended, 'succeeded'],
      [newId(), 'running'],
    ])
      await run(
        `insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, frozen_now, frozen_today, root_id) values ($1, $2, $3, $4, $5, '{}', 'a', now(), now(), $2)`,
        [admin.workspaceId, id, flow, version, state],
      );
    await run(`insert into run_event (workspace_id, run_id, seq, at, type, data) values ($1, $2, 1, now(), 'run.started', '{}')`, [admin.workspaceId, ended]);
    const backup = await begun({ scope: 'desk' });
    const folders = await readdir(path.join(folder, 'objects'));
    const { backup: proven, contents } = await verifyBackup(deps, admin, opened(backup));
    expect(proven.verified).toMatchObject({ fault: null, rows: backup.rows, files: 0 });
    expect(contents?.tables.filter(({ rows }) => rows > 0).map(({ table, rows }) => [table, rows])).toEqual([
      ['flow', 1],
      ['flow_version', 1],
      ['run', 1],
      ['run_event', 1],
    ]);
    expect(await readdir(path.join(folder, 'objects'))).toEqual(folders);
    expect((await run(`select 1 from workspace where slug like 'scratch-%'`)).rows).toEqual([]);
  });

  it('writes nothing at all when a name was taken since', async () => {
    const backup = await begun();
    await run('delete from calendar where id = $1', [calendar]);
    await run('delete from stored_file where id = $1', [target]);
    const taken = newId();
    await run('insert into calendar (workspace_id, id, slug, title, description, newest_version) values ($1, $2, $3, $3, $4, 1)', [
      admin.workspaceId,
      taken,
      'desk',
      '',
    ]);
    await expect(restoreBackup(deps, admin, opened(backup))).rejects.toMatchObject({ code: 'backup.clash' });
    expect(await rowsOf('stored_file')).toEqual([]);
    await run('delete from calendar where id = $1', [taken]);
    await restoreBackup(deps, admin, opened(backup));
    expect(await rowsOf('stored_file')).toHaveLength(1);
  });

  it('does not set back how many colors a bond has, which counts those that came later', async () => {
    // A regression: after a restore a search told four colors of a bond, and listed eight.
    const bonds = async () => (await run('select security, colors from color_security where workspace_id = $1 order by 1', [admin.workspaceId])).rows;
    const note = 'insert into color_security (workspace_id, security, colors, first_day, last_day) values ($1, $2, $3, $4, $4)';
    await run(note, [admin.workspaceId, '037833100', 4, '2026-11-20']);
    await run(note, [admin.workspaceId, '594918104', 1, '2026-11-20']);
    const backup = await begun({ scope: 'desk' });
    await run(`update color_security set colors = 8, last_day = '2026-11-21' where workspace_id = $1 and security = '037833100'`, [admin.workspaceId]);
    await run(`delete from color_security where workspace_id = $1 and security = '594918104'`, [admin.workspaceId]);
    const { tables } = await compareBackup(deps, admin, opened(backup));
    expect(tables.find(({ table }) => table === 'color_security')).toMatchObject({ added: 1, changed: 0 });
    const { rows } = await compareBackupRows(deps, admin, { ...opened(backup), table: 'color_security' });
    expect(rows.map(({ change, name }) => [change, name])).toEqual([['added', '594918104']]);
    await restoreBackup(deps, admin, opened(backup));
    expect((await bonds()).map(({ security, colors }) => [security, Number(colors)])).toEqual([
      ['037833100', 8],
      ['594918104', 1],
    ]);
  });

  it('brings nothing back into the buffer that was processed since, and takes no row from who works with it', async () => {
    // A regression: rows that waited then waited again, and the next run processed them a second time.
    const [upload, processing, run1] = [newId(), newId(), newId()];
    const rows = [newId(), newId(), newId()].sort();
    const insert = (id: string, line: number, by: string | null) =>
      run(`insert into color_buffer (workspace_id, id, upload_id, line, date, sameness, taken_by_run) values ($1, $2, $3, $4, '2026-11-20', 'x', $5)`, [
        admin.workspaceId,
        id,
        upload,
        line,
        by,
      ]);
    await run(`insert into color_upload (workspace_id, id, kind, title, state, rows, created_by) values ($1, $2, 'file', 'a.csv', 'ready', 3, 'ann')`, [
      admin.workspaceId,
      upload,
    ]);
    for (const [at, id] of rows.entries()) await insert(id, at + 1, at === 2 ? newId() : null);
    const backup = await begun({ scope: 'desk' });
    await run(
      `insert into color_processing (workspace_id, id, number, kind, date, rule_set, taken, excluded, kept, families, started_at, by_label)
        values ($1, $2, 1, 'automatic', '2026-11-20', '{}', 1, 0, 1, 1, now(), 'ann')`,
      [admin.workspaceId, processing],
    );
    await run(`insert into color_consumed (workspace_id, processing_id, upload_id, lines) values ($1, $2, $3, '{[1,2)}')`, [
      admin.workspaceId,
      processing,
      upload,
    ]);
    await run('delete from color_buffer where id = any($1)', [[rows[0], rows[2]]]);
    await run('update color_buffer set taken_by_run = $2 where id = $1', [rows[1], run1]);
    const buffer = ({ tables }: { tables: { table: string }[] }) => tables.find(({ table }) => table === 'color_buffer');
    expect(buffer(await compareBackup(deps, admin, opened(backup)))).toMatchObject({ added: 1, changed: 0, same: 1, spent: 1 });
    const shown = (await compareBackupRows(deps, admin, { ...opened(backup), table: 'color_buffer' })).rows;
    expect(shown.map(({ change, was }) => `${change} ${was?.['line']}`).sort()).toEqual(['added 3', 'spent 1']);
    expect(buffer(await restoreBackup(deps, admin, opened(backup)))).toMatchObject({ added: 1, spent: 1 });
    expect((await run('select line, taken_by_run from color_buffer where upload_id = $1 order by 1', [upload])).rows).toEqual([
      { line: 2, taken_by_run: run1 },
      { line: 3, taken_by_run: null },
    ]);
    expect((await verifyBackup(deps, admin, opened(backup))).backup.verified).toMatchObject({ fault: null });
  });

  it('is opened by its passphrase alone, and brought again as it was', async () => {
    const backup = await begun({ passphrase });
    const file = await bytesOf(backup);
    expect(file.includes('admin@example.com')).toBe(true);
    expect(file.includes('venues')).toBe(false);
    await expect(compareBackup(deps, admin, opened(backup))).rejects.toMatchObject({ code: 'backup.encrypted' });
    await expect(compareBackup(deps, admin, { ...opened(backup), passphrase: 'correct horse batterx' })).rejects.toMatchObject({
      code: 'backup.passphrase',
      status: 400,
    });
    const brought = await given(file);
    expect(brought).toMatchObject({ encrypted: true, origin: 'upload', rows: null });
    expect((await verifyBackup(deps, admin, { ...opened(brought), passphrase })).backup).toMatchObject({ verified: { fault: null, rows: backup.rows } });
    // Where it was made its length is on record; elsewhere nothing tells before it is opened.
    await expect(given(file.subarray(0, file.length - 5))).rejects.toMatchObject({
      code: 'backup.broken',
      message: expect.stringContaining('which it is a copy of'),
    });
    await run(`update backup set created_at = now() where number = $1`, [backup.number]);
    const cut = await given(file.subarray(0, file.length - 5));
    await expect(compareBackup(deps, admin, { ...opened(cut), passphrase })).rejects.toMatchObject({ status: 400 });
    const { rows } = await run('select * from backup');
    expect(JSON.stringify(rows)).not.toContain(passphrase);
  });

  it('lies at a connection where one is named, and says when its file was changed there', async () => {
    const backup = await begun({ place: { connection: 'shelf', path: '' } });
    expect((await verifyBackup(deps, admin, opened(backup))).backup.verified).toMatchObject({ fault: null });
    await writeFile(path.join(folder, `outside-${backup.fileName}`), 'other');
    await expect(restoreBackup(deps, admin, opened(backup))).rejects.toMatchObject({ code: 'backup.changed_there' });
    expect((await verifyBackup(deps, admin, opened(backup))).backup.verified?.fault).toContain('is not the one that was put there');
  });

  it('says without its passphrase that its file is cut off or gone: in the list by its size, when verified by its bytes', async () => {
    const backup = await begun({ passphrase });
    const seen = async () => (await listBackups(deps, admin, { limit: 200 })).items.find(({ number }) => number === backup.number)?.damage;
    const verified = async (more = {}) => (await verifyBackup(deps, admin, { ...opened(backup), ...more })).backup.verified;
    expect(await seen()).toBeNull();
    expect(await verified()).toMatchObject({ opened: false, rows: 0, fault: null });
    const { sha256, size } = backup as { sha256: string; size: number };
    const file = await deps.objects.localPath(admin.workspaceId, sha256);
    await chmod(file, 0o600);
    await truncate(file, size - 5);
    expect(await seen()).toContain(`it has ${size - 5} bytes of ${size}`);
    for (const more of [{}, { passphrase }]) expect((await verified(more))?.fault).toContain(`it has ${size - 5} bytes of ${size}`);
    await rm(file);
    expect(await seen()).toContain('is not there any more');
    expect((await verified())?.fault).toContain('is not there any more');
  });

  it('goes with its file, but for content that something else has', async () => {
    const backup = await begun();
    const twice = await given(await bytesOf(backup));
    const sha256 = backup.sha256 ?? '';
    await removeBackup(deps, admin, opened(backup));
    expect(await deps.objects.has(admin.workspaceId, sha256)).toBe(true);
    await removeBackup(deps, admin, opened(twice));
    expect(await deps.objects.has(admin.workspaceId, sha256)).toBe(false);
    await expect(showBackup(deps, admin, backup.number)).rejects.toMatchObject({ code: 'backup.unknown' });
    const { items } = await listBackups(deps, admin, { limit: 200 });
    expect(items.map(({ number }) => number)).not.toContain(twice.number);
  });

  it('that nobody makes any more is told as failed', async () => {
    const { number } = await begun();
    await run(`update backup set state = 'making', touched_at = now() - interval '1 hour' where number = $1`, [number]);
    expect(await showBackup(deps, admin, number)).toMatchObject({ state: 'failed', error: { code: 'backup.broken_off' } });
  });
});

describe('a file of another version', () => {
  const kept = (format: number) => fileURLToPath(new URL(`testing/format-${format}.tidewheel-backup`, import.meta.url));
  const theirs = { id: '01900000-0000-7000-8000-000000000001' };

  it.each([1, 2])('is read and restored: format %i', async (format) => {
    const workspace: Actor = { ...admin, workspaceId: theirs.id };
    const here = { ...deps, auditKey: Buffer.alloc(32, 7) };
    await run(`insert into workspace (id, slug, title) values ($1, 'kept', 'Kept') on conflict do nothing`, [theirs.id]);
    expect(await checkFile(kept(format), sealKey(here))).toMatchObject({ format, scope: 'workspace', workspace: theirs });
    const brought = await uploadBackup(here, workspace, Readable.from([await readFile(kept(format))]));
    await restoreBackup(here, workspace, opened(brought));
    expect((await run('select slug from stored_file where workspace_id = $1', [theirs.id])).rows).toEqual([{ slug: 'venues' }]);
  });
});

describe('a file that is not as it was made', () => {
  const changed = async (change: (text: string) => string) => gzipSync(change(gunzipSync(await bytesOf(await begun())).toString()));

  it.each<[string, (text: string) => string]>([
    ['a changed row', (text) => text.replace('venues.csv', 'malice.csv')],
    ['a changed file', (text) => text.replace(/^C.*$/m, `C${Buffer.from('other').toString('base64')}`)],
    ['a row of another workspace', (text) => text.replaceAll(admin.workspaceId, other)],
    ['a path instead of a hash', (text) => text.replace(/^O.*$/m, 'O{"sha256":"../../etc/passwd","size":1}')],
    ['a missing end', (text) => text.replace(/^E.*\n/m, '')],
    ['something after its end', (text) => `${text}R{}\n`],
    ['a line that is no JSON', (text) => text.replace(/^T.*$/m, 'T{')],
  ])('is refused: %s', async (_, change) => {
    await expect(given(await changed(change))).rejects.toMatchObject({ code: 'backup.broken', status: 400 });
  });

  it('is refused when it is cut off, no backup at all, of a newer format, or of another installation', async () => {
    const file = await bytesOf(await begun());
    for (const wrong of [file.subarray(0, file.length - 20), Buffer.from('PK no'), Buffer.alloc(0), Buffer.from('tidewheel-backup-encrypted {}\nxx')])
      await expect(given(wrong)).rejects.toMatchObject({ code: 'backup.broken' });
    const newer = await changed((text) => text.replace('"format":2', '"format":3'));
    await expect(given(newer)).rejects.toMatchObject({ code: 'backup.newer', hint: 'Update Tidewheel, then restore.' });
    const elsewhere = { ...deps, auditKey: randomBytes(32) };
    await expect(uploadBackup(elsewhere, admin, Readable.from([file]))).rejects.toMatchObject({ code: 'backup.broken' });
  });

  it('is refused as a bomb before it fills anything', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 ** 2));
    await expect(given(bomb)).rejects.toMatchObject({ code: 'backup.bomb' });
  });

  it('is not taken by another workspace, nor from who may not', async () => {
    const file = await bytesOf(await begun());
    await expect(uploadBackup(deps, { ...admin, workspaceId: other }, Readable.from([file]))).rejects.toMatchObject({ code: 'backup.other_workspace' });
    const viewer: Actor = { ...admin, role: 'viewer', permissions: new Set() };
    await expect(createBackup(deps, viewer, { scope: 'desk' })).rejects.toMatchObject({ status: 403 });
  });
});
