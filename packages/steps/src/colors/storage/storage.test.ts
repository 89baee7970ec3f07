import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { runStep } from '@tidewheel/kit/harness';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oracleDialect } from '../../sql/oracle-session.ts';
import { readStatements } from '../../sql/statement-text.ts';
import { colorStore } from '../store.step.ts';
import { loadColors, makeTable } from './oracle-table.ts';
import { load, store, storesAndLoads } from './testing/stores-and-loads.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tw-stored-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('keeps colors as JSON lines of a folder and reads them back', async () => {
  const connections = { files: { type: 'folder', config: { root: folder } } };
  await storesAndLoads({ connection: 'files' }, { connections });
  const day = path.join(folder, 'colors', '2026-11-20');
  const [name = '', ...others] = await readdir(day);
  expect(others).toEqual([]);
  expect(JSON.parse(await readFile(path.join(day, name), 'utf8'))).toMatchObject({ row: 1, cusip: '037833100', px: null });
  await writeFile(path.join(day, 'zz.jsonl'), 'no json\n');
  await expect(load({ connection: 'files' }, { connections })).rejects.toMatchObject({
    code: 'color.stored_damaged',
    message: expect.stringContaining('Line 1'),
  });
  await mkdir(path.join(folder, 'locked'));
  const readOnly = { files: { type: 'folder', config: { root: folder, readOnly: true } } };
  await expect(store({ connection: 'files' }, { connections: readOnly })).rejects.toMatchObject({ code: 'folder.read_only' });
});

it('refuses what is no color, no day and no storage', async () => {
  const connections = { files: { type: 'folder', config: { root: folder } }, mail: { type: 'imap', config: {} } };
  const inputs = { input: { rows: [{ a: '1' }] } };
  await expect(runStep(colorStore, { connection: 'files' }, { connections, inputs })).rejects.toMatchObject({ code: 'color.no_colors' });
  await expect(store({ connection: 'mail' }, { connections })).rejects.toMatchObject({ code: 'connection.type' });
  await expect(load({ connection: 'files', from: 'yesterday' }, { connections })).rejects.toMatchObject({ code: 'color.days' });
  await expect(load({ connection: 'files', from: '2026-11-20', to: '2026-11-19' }, { connections })).rejects.toMatchObject({ code: 'color.days' });
  await expect(runStep(colorStore, { connection: 'files', table: 'a; drop' }, { connections })).rejects.toThrow('must be a name');
  await using dry = await runStep(colorStore, { connection: 'files' }, { connections, inputs: { input: { rows: [{ date: '1', cusip: '2' }] } }, isDry: true });
  expect(dry.logs[0]?.text).toContain('would keep 1 colors');
});

it('makes the bucket and its rule where that is possible, and leaves the rules of others', async () => {
  // A store that knows what Swift does not: rules. What it holds is what it was told.
  const held = { hasBucket: false, rules: '', refuses: '', objects: new Map<string, string>() };
  const server = createServer(async (request, answer) => {
    const body = await text(request);
    const url = new URL(request.url ?? '', 'http://store');
    const say = (status: number, xml = '', headers = {}) => answer.writeHead(status, headers).end(xml);
    const fault = (status: number, code: string) => say(status, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    if (url.searchParams.has('lifecycle') && held.refuses) return fault(501, held.refuses);
    if (url.searchParams.has('lifecycle') && request.method === 'GET')
      return held.rules === '' ? fault(404, 'NoSuchLifecycleConfiguration') : say(200, held.rules);
    if (url.searchParams.has('lifecycle')) {
      held.rules = body;
      return say(200);
    }
    if (url.pathname === '/desk' || url.pathname === '/desk/') {
      if (request.method === 'PUT') held.hasBucket = true;
      return say(held.hasBucket ? 200 : 404);
    }
    if (request.method === 'PUT') held.objects.set(url.pathname, body);
    const content = held.objects.get(url.pathname);
    if (content === undefined) return fault(404, 'NoSuchKey');
    if (request.method === 'HEAD') return say(200, '', { 'content-length': String(Buffer.byteLength(content)) });
    return say(200, request.method === 'GET' ? content : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bucket = { type: 's3', config: { endpoint, bucket: 'desk', prefix: 'here', accessKeyId: 'k' }, secret: { secretAccessKey: 'secret' } };
    const connections = { archive: bucket };
    const said = await store({ connection: 'archive', keepDays: 30 }, { connections });
    expect(said.slice(0, 2)).toEqual(['Made the bucket desk.', 'The bucket clears what is older than 30 days below here/colors/.']);
    expect([...held.objects.keys()]).toEqual([expect.stringMatching(/^\/desk\/here\/colors\/2026-11-20\/.*\.jsonl$/)]);
    expect(held.rules).toContain('<Days>30</Days>');
    expect(held.rules).toContain('<Prefix>here/colors/</Prefix>');
    expect(await store({ connection: 'archive', keepDays: 30 }, { connections })).toHaveLength(1);
    held.rules = held.rules.replace('tidewheel here/colors/', 'of somebody else');
    await store({ connection: 'archive', keepDays: 40 }, { connections });
    expect(held.rules).toContain('of somebody else');
    expect(held.rules).toContain('<Days>40</Days>');
    held.refuses = 'NotImplemented';
    expect(await store({ connection: 'archive', keepDays: 50 }, { connections })).toContain(
      'Could not set up its rule: this store does not do that (NotImplemented).',
    );
    held.hasBucket = false;
    expect((await store({ connection: 'archive' }, { connections }))[0]).toBe('Made the bucket desk.');
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

it('writes the statements of Oracle as one each, with none of its reserved words', () => {
  const table = makeTable('desk.colors');
  expect(table).toMatch(/^begin execute immediate 'create table desk\.colors \(processing varchar2\(1200\) not null, .*primary key \(processing, row_no\)\)';/);
  expect(table.slice(table.indexOf("'") + 1, table.lastIndexOf("'"))).not.toContain("'");
  expect(table).not.toMatch(/[(,] ?(date|size|level|row|at) /);
  expect(readStatements(loadColors('colors'), oracleDialect)).toMatchObject([{ names: ['from', 'to'] }]);
});
