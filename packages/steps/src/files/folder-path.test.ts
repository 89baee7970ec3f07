import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folder } from '../connectors/folder.connector.ts';
import { cleanRelativePath, existingPath, writablePath } from './folder-path.ts';

let base: string;
let root: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'tw-jail-')));
  root = path.join(base, 'root');
  await mkdir(path.join(root, 'in'), { recursive: true });
  await writeFile(path.join(root, 'in', 'trades.csv'), 'a\n1\n');
  await mkdir(path.join(base, 'outside'));
  await writeFile(path.join(base, 'outside', 'secret.txt'), 'secret');
  await symlink(path.join(base, 'outside'), path.join(root, 'way-out'));
  await symlink(path.join(base, 'outside', 'secret.txt'), path.join(root, 'link.txt'));
  await symlink(path.join(root, 'in', 'trades.csv'), path.join(root, 'inner-link.csv'));
  await symlink(path.join(base, 'not-there-yet'), path.join(root, 'dangling'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('a path below a folder connection', () => {
  it.each([
    '../outside/secret.txt',
    'in/../../outside/secret.txt',
    '/etc/passwd',
    'C:/x',
    'in\\trades.csv',
    'in/trades.csv\0.txt',
    '',
    '.',
    './/',
    '..',
    `${'x'.repeat(300)}`,
  ])('refuses %j', (text) => {
    expect(() => cleanRelativePath(text)).toThrow(expect.objectContaining({ code: 'file.path' }));
  });
  it('takes out empty and single-dot parts, keeps dots in names', () => {
    expect(cleanRelativePath('./in//a..b/.hidden')).toBe('in/a..b/.hidden');
  });
  it('finds a file, also through a link that stays inside', async () => {
    expect(await existingPath({ root, file: 'in/trades.csv' })).toBe(path.join(root, 'in', 'trades.csv'));
    expect(await existingPath({ root, file: 'inner-link.csv' })).toBe(path.join(root, 'in', 'trades.csv'));
  });
  it.each(['way-out/secret.txt', 'link.txt'])('refuses the link %s to the outside', async (file) => {
    await expect(existingPath({ root, file })).rejects.toMatchObject({ code: 'file.outside' });
  });
  it('refuses to write through a link to the outside, also one that leads nowhere yet', async () => {
    await expect(writablePath({ root, file: 'way-out/new.txt' })).rejects.toMatchObject({ code: 'file.outside' });
    await expect(writablePath({ root, file: 'way-out/deep/er/new.txt' })).rejects.toMatchObject({ code: 'file.outside' });
    await expect(writablePath({ root, file: 'dangling/new.txt' })).rejects.toMatchObject({ code: 'file.outside' });
    expect(await writablePath({ root, file: 'new/deep/file.txt' })).toBe(path.join(root, 'new', 'deep', 'file.txt'));
  });
  it('names the closest file, or what is there', async () => {
    await expect(existingPath({ root, file: 'in/tradse.csv' })).rejects.toMatchObject({ code: 'file.missing', hint: 'Did you mean "trades.csv"?' });
    await expect(existingPath({ root, file: 'ni/trades.csv' })).rejects.toMatchObject({ hint: 'Did you mean "in"?' });
    await expect(existingPath({ root, file: 'in/something-else.parquet' })).rejects.toMatchObject({ hint: 'It holds "trades.csv".' });
  });
  it('says that the folder itself is gone, and that this can pass', async () => {
    await expect(existingPath({ root: path.join(base, 'unmounted'), file: 'a.csv' })).rejects.toMatchObject({ code: 'folder.missing', retryable: true });
  });
});

describe('the folder connector', () => {
  const ctx = { signal: new AbortController().signal, log: () => {} };
  it('admits roots below an allowed folder only, links resolved', async () => {
    const limits = { folders: [root], dataFolder: '/nowhere' };
    const admit = (at: string) => folder.admit?.({ root: at, readOnly: false }, limits) ?? Promise.resolve([]);
    expect(await admit(root)).toEqual([]);
    expect(await admit(path.join(root, 'in'))).toEqual([]);
    expect(await admit(path.join(root, 'not', 'yet'))).toEqual([]);
    for (const at of [base, `${root}-sibling`, path.join(root, '..', 'outside'), path.join(root, 'way-out'), path.join(root, 'dangling')]) {
      expect(await admit(at), at).toMatchObject([{ path: 'root' }]);
    }
    expect(await admit('/etc')).toMatchObject([{ hint: expect.stringContaining('TIDEWHEEL_FOLDERS') }]);
  });
  it('keeps out of the data folder, but for allowed folders in it, whatever else is allowed', async () => {
    const data = path.join(base, 'data');
    await mkdir(path.join(data, 'files'), { recursive: true });
    await symlink(data, path.join(base, 'outside', 'data-link'));
    const admit = (at: string, folders: string[]) => folder.admit?.({ root: at, readOnly: false }, { folders, dataFolder: data }) ?? Promise.resolve([]);
    for (const at of [base, data, path.join(data, 'objects'), path.join(base, 'outside', 'data-link', 'objects'), path.dirname(base)]) {
      expect(await admit(at, ['/', data]), at).toMatchObject([{ path: 'root', message: expect.stringContaining('data folder') }]);
    }
    expect(await admit(path.join(data, 'files', 'in'), ['/', path.join(data, 'files')])).toEqual([]);
    expect(await admit(root, ['/'])).toEqual([]);
  });
  it('tests reading and writing, and says what is missing', async () => {
    expect(await folder.test({ config: { root, readOnly: false }, secret: null }, ctx)).toMatchObject({
      ok: true,
      checks: [
        { name: 'folder', ok: true },
        { name: 'write', ok: true },
      ],
    });
    expect(await folder.test({ config: { root: path.join(base, 'gone'), readOnly: false }, secret: null }, ctx)).toMatchObject({
      ok: false,
      checks: [{ name: 'folder', ok: false, detail: expect.stringContaining('ENOENT') }],
    });
  });
});
