import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newTrace, runStep } from '@tidewheel/kit/harness';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverFolder } from '../delivery/deliver-folder.step.ts';
import { mountSmallDisk, smallDiskMissing } from '../testing/small-disk.ts';
import { fileRead } from './file-read.step.ts';
import { fileWrite } from './file-write.step.ts';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'tw-files-')));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const connections = (changes: Record<string, unknown> = {}) => ({ exchange: { type: 'folder', config: { root, ...changes } } });
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const csv = { name: 'trades.csv', mediaType: 'text/csv', content: 'a,b\n1,2\n' };
const given = (...files: { name: string; content: string | Uint8Array }[]) => ({ inputs: { input: { files } }, connections: connections() });

describe('file.read', () => {
  it('takes one file with its media type and hash', async () => {
    await mkdir(path.join(root, 'in'));
    await writeFile(path.join(root, 'in', 'trades.csv'), csv.content);
    await using outcome = await runStep(fileRead, { connection: 'exchange', path: 'in/trades.csv' }, { connections: connections() });
    expect(outcome.progress.at(-1)).toEqual({ bytes: outcome.result.files?.[0]?.size, total: outcome.result.files?.[0]?.size });
    const [file] = outcome.result.files ?? [];
    expect(file).toMatchObject({ name: 'trades.csv', mediaType: 'text/csv', size: 8, sha256: sha256(csv.content) });
    expect((await outcome.content(file as NonNullable<typeof file>)).toString()).toBe(csv.content);
  });
  it('takes all files that fit a pattern, in order, and no hidden ones or folders', async () => {
    for (const name of ['b.csv', 'a.csv', '.a.csv.12345678.part', '.hidden.csv', 'c.txt']) await writeFile(path.join(root, name), name);
    await mkdir(path.join(root, 'folder.csv'));
    await using outcome = await runStep(fileRead, { connection: 'exchange', pattern: '*.csv' }, { connections: connections() });
    expect(outcome.result.files?.map((file) => file.name)).toEqual(['a.csv', 'b.csv']);
  });
  it('takes an uploaded file', async () => {
    await using outcome = await runStep(fileRead, { file: 'schema' }, { uploads: { schema: { name: 's.xsd', content: '<x/>' } } });
    expect(outcome.result.files).toMatchObject([{ name: 's.xsd' }]);
  });
  it('says what is missing, or gives nothing when told so', async () => {
    await writeFile(path.join(root, 'trades.csv'), '');
    await expect(runStep(fileRead, { connection: 'exchange', path: 'trade.csv' }, { connections: connections() })).rejects.toMatchObject({
      code: 'file.missing',
      hint: 'Did you mean "trades.csv"?',
      retryable: false,
    });
    await expect(runStep(fileRead, { connection: 'exchange', pattern: '*.xml' }, { connections: connections() })).rejects.toMatchObject({
      code: 'file.missing',
      hint: 'It holds "trades.csv".',
    });
    await using outcome = await runStep(fileRead, { connection: 'exchange', path: 'none.csv', whenMissing: 'empty' }, { connections: connections() });
    expect(outcome.result.files).toEqual([]);
  });
  it('refuses what is too large, too many, no file, or outside', async () => {
    for (const name of ['1.csv', '2.csv', '3.csv']) await writeFile(path.join(root, name), 'xxxx');
    await symlink('/etc', path.join(root, 'etc'));
    execFileSync('mkfifo', [path.join(root, 'pipe.fifo')]);
    const read = (config: Parameters<typeof runStep<typeof fileRead.config>>[1]) => runStep(fileRead, config, { connections: connections() });
    await expect(read({ connection: 'exchange', path: '1.csv', maxBytes: 3 })).rejects.toMatchObject({ code: 'file.too_large' });
    await expect(read({ connection: 'exchange', pattern: '*.csv', maxFiles: 2 })).rejects.toMatchObject({ code: 'file.too_many' });
    await expect(read({ connection: 'exchange', path: 'etc/passwd' })).rejects.toMatchObject({ code: 'file.outside' });
    await expect(read({ connection: 'exchange', path: 'etc', pattern: 'passwd' })).rejects.toMatchObject({ code: 'file.outside' });
    await expect(read({ connection: 'exchange', path: '..', pattern: '*' })).rejects.toMatchObject({ code: 'file.path' });
    await expect(read({ connection: 'exchange', path: 'pipe.fifo' })).rejects.toMatchObject({ code: 'file.kind' });
    await expect(read({ connection: 'exchange', path: 'x', file: 'y' })).rejects.toMatchObject({ code: 'step.config' });
    await expect(read({ connection: 'nowhere', path: 'x' })).rejects.toMatchObject({ code: 'connection.unknown' });
  });
});

describe('file.write', () => {
  it('writes files whole under their names, makes folders, and leaves nothing else', async () => {
    const big = randomBytes(3_000_000);
    await using outcome = await runStep(
      fileWrite,
      { connection: 'exchange', path: 'out/2026/' },
      given(csv, { name: 'big.bin', content: big }, { name: 'empty.txt', content: '' }),
    );
    expect(outcome.result.value).toEqual({ paths: ['out/2026/trades.csv', 'out/2026/big.bin', 'out/2026/empty.txt'] });
    expect((await readdir(path.join(root, 'out/2026'))).sort()).toEqual(['big.bin', 'empty.txt', 'trades.csv']);
    expect(sha256(await readFile(path.join(root, 'out/2026/big.bin')))).toBe(sha256(big));
  });
  it('replaces or refuses another file, and leaves the same one alone', async () => {
    const target = path.join(root, 'trades.csv');
    await writeFile(target, 'old');
    await expect(runStep(fileWrite, { connection: 'exchange', overwrite: 'refuse' }, given(csv))).rejects.toMatchObject({
      code: 'file.exists',
      retryable: false,
    });
    expect(await readFile(target, 'utf8')).toBe('old');
    await using _ = await runStep(fileWrite, { connection: 'exchange' }, given(csv));
    expect(await readFile(target, 'utf8')).toBe(csv.content);
    const before = (await stat(target)).mtimeMs;
    await using again = await runStep(fileWrite, { connection: 'exchange', overwrite: 'refuse' }, given(csv));
    expect(again.logs[0]?.text).toContain('was there already');
    expect((await stat(target)).mtimeMs).toBe(before);
    expect(await readdir(root)).toEqual(['trades.csv']);
  });
  it('replaces a link itself, never what it points to', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'tw-outside-'));
    await writeFile(path.join(outside, 'victim'), 'precious');
    await symlink(path.join(outside, 'victim'), path.join(root, 'trades.csv'));
    await using _ = await runStep(fileWrite, { connection: 'exchange' }, given(csv));
    expect(await readFile(path.join(outside, 'victim'), 'utf8')).toBe('precious');
    expect(await readFile(path.join(root, 'trades.csv'), 'utf8')).toBe(csv.content);
    await rm(outside, { recursive: true });
  });
  it('refuses read-only connections, bad names, twins, and no input', async () => {
    const write = (config: { path?: string; name?: string }, ...files: { name: string; content: string }[]) =>
      runStep(fileWrite, { connection: 'exchange', ...config }, given(...files));
    await expect(runStep(fileWrite, { connection: 'exchange' }, { ...given(csv), connections: connections({ readOnly: true }) })).rejects.toMatchObject({
      code: 'folder.read_only',
    });
    await expect(write({ name: '../evil' }, csv)).rejects.toMatchObject({ code: 'file.name' });
    await expect(write({ path: '../up' }, csv)).rejects.toMatchObject({ code: 'file.path' });
    await expect(write({ path: '/etc' }, csv)).rejects.toMatchObject({ code: 'file.path' });
    await expect(write({}, csv, csv)).rejects.toMatchObject({ code: 'file.twins' });
    await expect(write({ name: 'one' }, csv, { name: 'two.csv', content: '' })).rejects.toMatchObject({ code: 'file.name_for_many' });
    await expect(write({})).rejects.toMatchObject({ code: 'file.no_input' });
    await expect(runStep(fileWrite, { connection: 'exchange' }, { connections: connections(), inputs: { input: { rows: [{ a: 1 }] } } })).rejects.toMatchObject(
      { code: 'file.no_input', hint: expect.stringContaining('table.write') },
    );
    expect(await readdir(root)).toEqual([]);
  });
});

describe('deliver.folder', () => {
  it('keeps a receipt, and counts the same file as delivered', async () => {
    const config = { connection: 'exchange', path: 'inbox', name: 'report.csv', checksumFile: 'sha256' as const };
    await using first = await runStep(deliverFolder, config, given(csv));
    expect(first.deliveries).toMatchObject([
      {
        state: 'delivered',
        destination: 'inbox/report.csv',
        receipt: {
          size: 8,
          sha256: sha256(csv.content),
          md5: expect.stringMatching(/^[0-9a-f]{32}$/),
          verifiedBy: 'read back',
          alreadyThere: false,
          ms: expect.any(Number),
        },
      },
    ]);
    execFileSync('sha256sum', ['-c', 'report.csv.sha256'], { cwd: path.join(root, 'inbox') });
    await using second = await runStep(deliverFolder, config, given(csv));
    expect(second.deliveries).toMatchObject([{ state: 'delivered', receipt: { alreadyThere: true } }]);
    expect((await readdir(path.join(root, 'inbox'))).sort()).toEqual(['report.csv', 'report.csv.sha256']);
  });
  it('keeps the failed attempt too', async () => {
    await mkdir(path.join(root, 'trades.csv'));
    const trace = newTrace();
    await expect(runStep(deliverFolder, { connection: 'exchange' }, { ...given(csv), trace })).rejects.toMatchObject({ code: 'file.kind' });
    expect(trace.deliveries).toMatchObject([{ state: 'failed', destination: 'trades.csv', error: expect.stringContaining('file.kind') }]);
    expect(await readdir(root)).toEqual(['trades.csv']);
  });
  it.skipIf(smallDiskMissing !== undefined)('says that the disk is full, leaves no part, and succeeds when there is space', async () => {
    using disk = mountSmallDisk(root, '512k');
    const big = { name: 'big.bin', content: randomBytes(800_000) };
    await expect(runStep(deliverFolder, { connection: 'exchange' }, given(big))).rejects.toMatchObject({ code: 'folder.full', retryable: true });
    expect(await readdir(root)).toEqual([]);
    disk.resize('4m');
    await using outcome = await runStep(deliverFolder, { connection: 'exchange' }, given(big));
    expect(outcome.deliveries).toMatchObject([{ state: 'delivered' }]);
  });
  it('stops when it is cancelled, with nothing but the record left', async () => {
    const trace = newTrace();
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(runStep(deliverFolder, { connection: 'exchange' }, { ...given(csv), trace, signal })).rejects.toThrow('cancelled');
    expect(trace.deliveries).toMatchObject([{ state: 'failed' }]);
    expect(await readdir(root)).toEqual([]);
  });
});

describe('a dry run of file.write', () => {
  it('looks at the place, says what it would do, and writes nothing', async () => {
    const dry = { ...given({ name: 'a.csv', content: 'a,b\n1,2\n' }), isDry: true };
    await using outcome = await runStep(fileWrite, { connection: 'exchange', path: 'new/folder' }, dry);
    expect(outcome.result.value).toEqual({ paths: ['new/folder/a.csv'] });
    expect(outcome.logs.at(-1)?.text).toBe('Dry run: would write new/folder/a.csv, 8 bytes.');
    expect(await readdir(root)).toEqual([]);
    await writeFile(path.join(root, 'a.csv'), 'something else');
    await expect(runStep(fileWrite, { connection: 'exchange', overwrite: 'refuse' }, dry)).rejects.toMatchObject({ code: 'file.exists' });
    expect(await readFile(path.join(root, 'a.csv'), 'utf8')).toBe('something else');
    const readOnly = { ...dry, connections: connections({ readOnly: true }) };
    await expect(runStep(fileWrite, { connection: 'exchange' }, readOnly)).rejects.toMatchObject({ code: 'folder.read_only' });
  });
});
