// The examples of a new flow from wherever colors come, each on a real server of its kind: from the source through the buffer into the colors of the desk and the outbox.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { Color } from '@tidewheel/contract/color';
import type { Run } from '@tidewheel/contract/run';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeIdlePostgres } from '../../../../../steps/src/connectors/postgres.connector.ts';
import { closeS3Clients, openS3 } from '../../../../../steps/src/s3/s3-client.ts';
import { S3Place } from '../../../../../steps/src/s3/s3-place.ts';
import { S3Config } from '../../../../../steps/src/s3/s3-settings.ts';
import { startPostgresServer } from '../../../../../steps/src/sql/testing/postgres-server.ts';
import { closeIdleConnections } from '../../../../../steps/src/ssh/ssh-pool.ts';
import { dovecotMissing, startDovecot } from '../../../../../steps/src/testing/dovecot.ts';
import { sshdMissing, startSshd } from '../../../../../steps/src/testing/sshd.ts';
import { colorExamples } from '../../../../../web/src/features/flows/color-flows.ts';
import { parseFlow } from '../../../engine/flows/parse.ts';
import { startTriggerBench, type TriggerBench } from '../../../engine/triggers/testing/trigger-bench.ts';
import { startSwift, swiftMissing } from '../../../storage/objects/testing/swift.ts';
import { listBuffer } from '../buffer/buffer.service.ts';
import { createColorPort } from '../color-port.ts';
import { listColors, listProcessings } from '../processing/processings.service.ts';
import { syntheticColors } from '../synthetic/synthetic-colors.ts';
import { syntheticCsv, syntheticWorkbook } from '../synthetic/synthetic-files.ts';

let bench: TriggerBench;
const perDay = 40;
/** Each source has its own: the same content from another one would be passed over. */
const colorsOf = (seed: number) => [...syntheticColors({ seed, days: 1, perDay })];
const workbook = (seed: number) => syntheticWorkbook(colorsOf(seed), {});

beforeAll(async () => {
  bench = await startTriggerBench({ colors: createColorPort });
  for (const [slug, name] of Object.entries({ 'demo-data': 'data', 'demo-outbox': 'outbox' })) {
    await mkdir(path.join(bench.folder, name));
    await bench.connect({ slug, type: 'folder', config: { root: path.join(bench.folder, name) } });
  }
});
afterAll(() => bench?.close());

/** @returns its slug; `change` says where the folder lies on the server of the test */
async function applied(title: string, change = (source: string) => source): Promise<string> {
  const example = colorExamples.find((one) => one.title === `Colors from ${title}`);
  const { document, faults } = parseFlow(change(example?.source ?? ''));
  expect(faults).toEqual([]);
  const { flow: _named, ...rest } = document ?? { flow: '', steps: {} };
  return bench.apply(rest);
}
const started = async (flow: string) => bench.ended((await bench.runs.startRun(bench.actor, { slug: flow, parameters: {} })).id);
const resultOf = ({ steps }: Run, id: string) => steps.find(({ step }) => step === id)?.value;

const dayInNewYork = (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(at);

/** What came is in the colors of the desk, no row less, and the sheet of it in the outbox. */
async function expectKept(run: Run, seed: number): Promise<void> {
  expect(run).toMatchObject({ state: 'succeeded', error: null });
  const collected = resultOf(run, 'collect') as { rows: number; refused: number; duplicates: number };
  expect(collected).toMatchObject({ rows: perDay, refused: 0 });
  const [processing] = (await listProcessings(bench.deps, bench.actor, { limit: 1 })).items;
  expect(processing).toMatchObject({ taken: perDay - collected.duplicates, excluded: 0 });
  const { items } = await listColors(bench.deps, bench.actor, { which: 'all', limit: 200, number: processing?.number ?? 0 });
  const said = (all: { ticker: string | null; px: number | null }[]) => [...new Set(all.map(({ ticker, px }) => `${ticker} ${px}`))].sort();
  expect(said(items)).toEqual(said(colorsOf(seed)));
  expect(await bench.databases.engine.selectFrom('color_buffer').select('id').execute()).toEqual([]);
  const day = dayInNewYork(new Date(run.startedAt ?? ''));
  const { sheets } = await readXlsx(await readFile(path.join(bench.folder, 'outbox', 'colors', day, `colors-${day}.xlsx`)));
  expect(sheets[0]?.rows).toHaveLength(items.length + 1);
}

test('a folder; the same files the next time are passed over', async () => {
  await writeFile(path.join(bench.folder, 'data', 'SYNTHETIC-colors.xlsx'), workbook(1));
  const flow = await applied('a folder');
  await expectKept(await started(flow), 1);
  const again = await started(flow);
  expect(resultOf(again, 'collect')).toMatchObject({ rows: 0, uploads: [{ passed: true }] });
});

test.skipIf(swiftMissing !== undefined)(`a bucket of S3${swiftMissing ? ` (skipped: ${swiftMissing})` : ''}`, { timeout: 180_000 }, async () => {
  await using swift = await startSwift();
  const { endpoint, region, bucket, accessKey, secretKey } = swift.settings;
  const config = { endpoint, region, bucket, accessKeyId: accessKey, timeoutSeconds: 30 };
  const secret = { secretAccessKey: secretKey as string };
  const client = openS3({ config: S3Config.parse(config), secret });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const place = new S3Place({ workspaceId: 'w', slug: 'direct', config: S3Config.parse(config), secret, signal: new AbortController().signal }, client);
  const content = workbook(2);
  await place.write('in/morning.xlsx', Readable.from([content]), { start: 0, size: content.length });
  await bench.connect({ slug: 'colors-bucket', type: 's3', config, secret });
  await expectKept(await started(await applied('S3')), 2);
  client.destroy();
  closeS3Clients();
});

test.skipIf(sshdMissing !== undefined)(`a server by SFTP${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, async () => {
  await using sshd = await startSshd();
  const outbox = path.join(sshd.user.home, 'outbox');
  await mkdir(outbox);
  await writeFile(path.join(outbox, 'morning.csv'), syntheticCsv(colorsOf(3)));
  await bench.connect({ slug: 'broker', type: 'sftp', config: sshd.config(), secret: { password: sshd.user.password } });
  await expectKept(await started(await applied('SFTP', (source) => source.replace('path: /outbox', `path: ${outbox}`))), 3);
  closeIdleConnections();
});

test('a table of PostgreSQL', async () => {
  await using server = await startPostgresServer();
  await server.admin.query(
    'create table quotes (quoted_on date, cusip text, ticker text, dealer text, side text, price numeric(12,6), size numeric, desk text)',
  );
  for (const [at, { cusip, ticker, dealer, px, size }] of colorsOf(4).entries())
    await server.admin.query('insert into quotes values ($1, $2, $3, $4, $5, $6, $7, $8)', [
      ...[dayInNewYork(new Date()), cusip, ticker, dealer, at % 2 ? 'bid' : 'offer', px, size, 'IG'],
    ]);
  await server.admin.query(`insert into quotes values (current_date - 9, '037833100', 'OLD', 'ALDR', 'bid', 90, 1, 'IG')`);
  await bench.connect({ slug: 'quotes-db', type: 'postgres', config: server.config, secret: server.secret });
  await expectKept(await started(await applied('PostgreSQL')), 4);
  closeIdlePostgres();
});

test.skipIf(dovecotMissing !== undefined)(`the attachment of a mail${dovecotMissing ? ` (skipped: ${dovecotMissing})` : ''}`, async () => {
  await using server = await startDovecot();
  await bench.connect({ slug: 'desk-mail', type: 'imap', config: server.config(), secret: { password: server.password } });
  const slug = await bench.make({ kind: 'mail', flow: await applied('mail'), config: { connection: 'desk-mail', withAttachments: true } });
  await bench.lookNow(slug);
  const attached = ['--b', 'Content-Type: text/csv', 'Content-Disposition: attachment; filename="run.csv"', 'Content-Transfer-Encoding: base64', ''];
  const head = ['From: dealer@example.com', 'To: desk@example.org', 'Subject: Colors', 'Message-ID: <1@example.com>', 'MIME-Version: 1.0'];
  const mail = [...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'Good morning.', '', ...attached];
  await server.deliver(
    [
      ...mail,
      ...(syntheticCsv(colorsOf(5))
        .toString('base64')
        .match(/.{1,76}/g) ?? []),
      '--b--',
      '',
    ].join('\n'),
  );
  await bench.lookNow(slug);
  const [event] = await bench.history(slug);
  expect(event).toMatchObject({ state: 'fired', event: { attachments: [{ name: 'run.csv' }] } });
  await expectKept(await bench.ended(event?.run?.id ?? ''), 5);
});

test('colors that were stored elsewhere are loaded into the buffer as they were, free columns and all', async () => {
  const rows = ['2026-11-20,037833100,EXMP,ALDR,98.515625,firm,14:30,"a;b",', '2026-11-19,594918104,SMPL,BRCH,101,indicative,,,new issue'];
  await writeFile(path.join(bench.folder, 'data', 'run.csv'), `Date,CUSIP,Ticker,Dealer,PX,Level type,Time,Desk note,Talk\n${rows.join('\n')}\n`);
  const store = '  store: { use: color.store, from: rank, after: keep, with: { connection: demo-outbox, path: kept } }\n';
  const flow = await applied('a folder', (source) => source.replace('*colors*.xlsx', 'run.csv') + store);
  expect(await started(flow)).toMatchObject({ state: 'succeeded', error: null });
  const steps = { load: { use: 'color.load', with: { connection: 'demo-outbox', path: 'kept' } }, collect: { use: 'color.collect', from: 'load' } };
  const loaded = await started(await bench.apply({ kind: 'color', timeZone: 'America/New_York', steps }));
  expect(loaded).toMatchObject({ state: 'succeeded', error: null });
  const number = (await listProcessings(bench.deps, bench.actor, { limit: 1 })).items[0]?.number ?? 0;
  const kept = await listColors(bench.deps, bench.actor, { which: 'all', limit: 10, number });
  const waiting = await listBuffer(bench.deps, bench.actor, { which: 'free', limit: 10 });
  const shown = (row: object) => Color.parse(Object.fromEntries(Object.entries(row).filter(([name]) => name in Color.shape)));
  expect(waiting.items.map(shown)).toEqual(kept.items.map(shown));
  expect(waiting.items).toMatchObject([
    { cusip: '037833100', level: 'firm', px: 98.515625, at: '2026-11-20T14:30:00.000Z', more: { 'Desk note': 'a;b' }, doubts: {} },
    { more: { Talk: 'new issue' } },
  ]);
});
