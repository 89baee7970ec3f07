// The demo as a new installation has it: the composed server, its database, its workers, a real SFTP server.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finalRunStates, type Run } from '@tidewheel/contract/run';
import { sshdMissing, startSshd } from '@tidewheel/steps/testing/sshd';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { esmaSchemas, hasEsmaSchemas } from '../../../../steps/src/reports/testing/esma-schemas.ts';
import type { Actor } from '../../base/actor.ts';
import { createLogger } from '../../base/logger.ts';
import { readSettings } from '../../base/settings.ts';
import { applyFlow, archiveFlow, restoreFlow, showFlow } from '../../engine/flows/flows.service.ts';
import { showProcessing } from '../../features/colors/processing/processings.service.ts';
import { listRules } from '../../features/colors/rules/rules.service.ts';
import { createConnection, showConnection } from '../../features/connections/connections.service.ts';
import { uploadFile } from '../../features/files/files.service.ts';
import { type FreshDatabase, freshDatabase } from '../../testing/database.ts';
import { type RunningServer, startServer } from '../compose.ts';
import { openDataFolder } from '../data-folder.ts';
import { systemActor } from '../system-actor.ts';
import { placeDemoRules, startDemoMorning } from './color-desk.ts';
import { demoColorFlow, demoFlows } from './demo-files.ts';
import { demoServices } from './demo-services.ts';
import { seedDemo } from './seed.ts';
import { generateTradingDay } from './trades/generate.ts';

const log = createLogger({ role: 'test', level: 'silent' });
let fresh: FreshDatabase;
let dataFolder: string;
let server: RunningServer;
let actor: Actor;
const settingsOf = (folders: Record<string, string> = {}) =>
  readSettings({
    TIDEWHEEL_DATA: dataFolder,
    TIDEWHEEL_PORT: '0',
    DATABASE_URL: fresh.address.ownerUrl,
    TIDEWHEEL_MASTER_KEY: fresh.address.masterKey.toString('base64'),
    TIDEWHEEL_TABLE_PROCESSES: '1',
    // The SFTP server of the test is on this machine.
    TIDEWHEEL_EGRESS_ALLOW: '127.0.0.0/8',
    ...folders,
  });
beforeAll(async () => {
  fresh = await freshDatabase();
  dataFolder = await mkdtemp(path.join(tmpdir(), 'tidewheel-demo-'));
  server = await startServer({ settings: settingsOf(), folder: await openDataFolder(dataFolder), log });
  actor = systemActor(server.parts.foundation.workspaceId);
});
afterAll(async () => {
  await server?.stop();
  await fresh?.drop();
  await rm(dataFolder, { recursive: true, force: true });
});

async function run(flow: string): Promise<Run> {
  const { runs } = server.parts.engine;
  const { id } = await runs.startRun(actor, { slug: flow, parameters: {} });
  for (;;) {
    const seen = await runs.showRun(actor, id);
    if (finalRunStates.includes(seen.state)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const stepOf = ({ steps }: Run, id: string) => steps.find((step) => step.step === id);

describe('seeding', () => {
  const services = () => demoServices({ actor, connections: server.parts.connections, flows: server.parts.flows });

  test('made the flows and both connections at the first start', async () => {
    for (const slug of Object.keys(demoFlows))
      expect(await showFlow(server.parts.flows, actor, { slug })).toMatchObject({ version: 1, archivedAt: null, warnings: [] });
    expect(await showConnection(server.parts.connections, actor, 'demo-data')).toMatchObject({
      type: 'folder',
      config: { root: path.join(dataFolder, 'demo'), readOnly: true },
    });
    expect(await showConnection(server.parts.connections, actor, 'demo-outbox')).toMatchObject({
      config: { root: path.join(dataFolder, 'files/outbox'), readOnly: false },
    });
  });

  test('touches nothing the second time: neither a changed flow nor an archived one', async () => {
    const { source } = await showFlow(server.parts.flows, actor, { slug: 'mifir-daily' });
    await applyFlow(server.parts.flows, actor, source.replace('(synthetic trades)', '(changed)'));
    await archiveFlow(server.parts.flows, actor, 'flight-delays');
    expect(await seedDemo({ dataFolder, services: services(), log })).toEqual({ connections: [], flows: [] });
    expect(await showFlow(server.parts.flows, actor, { slug: 'mifir-daily' })).toMatchObject({ version: 2 });
    await applyFlow(server.parts.flows, actor, source);
    await restoreFlow(server.parts.flows, actor, 'flight-delays');
  });
});

describe('running', () => {
  test('flight delays: 3 million rows in, four artifacts out', async () => {
    const done = await run('flight-delays');
    expect(done).toMatchObject({ state: 'succeeded', rowsIn: 3_003_376, rejected: 0 });
    const { items } = await server.parts.engine.runs.listArtifacts(actor, { run: done.id, limit: 10 });
    expect(items.map(({ name }) => name).sort()).toEqual([
      'delays-by-airport-and-day.csv',
      'delays-by-airport-and-day.parquet',
      'top-ten-routes.csv',
      'top-ten-routes.json',
    ]);
    expect(stepOf(done, 'delays')?.counts).toMatchObject({ rowsOut: 39_952 });
  });

  test('MiFIR: the quarantine is the seeded list, the file is in the outbox with its checksum', async () => {
    const done = await run('mifir-daily');
    expect(done.error).toBeNull();
    expect(done).toMatchObject({ state: 'succeeded', rowsIn: 12_193, rowsOut: 9_790, rejected: 210 });
    const rejected = await server.parts.engine.runs.showTable(actor, { run: done.id, step: 'checks', which: 'rejected', offset: 0, limit: 1_000 });
    const at = (name: string) => rejected.columns.findIndex((column) => column.name === name);
    const found = rejected.rows.map((row) => ({ row: Number(row[at('synthetic_row')]), rule: row[at('_reason')] })).sort((a, b) => a.row - b.row);
    expect(found).toEqual(generateTradingDay({ businessDate: '2026-11-18' }).faults);

    const folder = path.join(dataFolder, 'files/outbox/mifir/2026-11-18', `run-${done.number}`);
    const name = 'SYNTHETIC_DATTRA_FR_2026-11-18.xml';
    expect((await readdir(folder)).sort()).toEqual([name, `${name}.sha256`]);
    const sha256 = createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex');
    expect(await readFile(path.join(folder, `${name}.sha256`), 'utf8')).toContain(sha256);
    const artifacts = await server.parts.engine.runs.listArtifacts(actor, { run: done.id, limit: 10 });
    expect(artifacts.items).toMatchObject([{ name, sha256, metadata: { records: 9_790, validation: { result: 'not validated' } } }]);
    const deliveries = await server.parts.engine.runs.listDeliveries(actor, { run: done.id, limit: 10 });
    expect(deliveries.items).toMatchObject([{ state: 'delivered', connection: 'demo-outbox', sha256 }]);
  });

  test('colors: the desk gets rules and a processing, the sheet is in the outbox with every row', async () => {
    const { foundation, tables } = server.parts;
    const desk = { databases: foundation.databases, tables };
    for (const _twice of [1, 2]) await placeDemoRules(desk, actor);
    const { items: rules } = await listRules(desk, actor, { archived: false });
    expect(rules.map(({ kind }) => kind).sort()).toEqual(['color', 'color', 'color', 'exclude', 'exclude', 'exclude']);
    const done = await run(demoColorFlow);
    expect(done.error).toBeNull();
    expect(done.state).toBe('succeeded');
    const processing = await showProcessing(desk, actor, 1);
    expect(processing.taken).toBe(processing.kept + processing.excluded);
    expect(processing.taken).toBeGreaterThan(4_000);
    for (const { rows, title } of processing.byRule) expect(rows, title).toBeGreaterThan(0);
    const folder = path.join(dataFolder, 'files/outbox/colors/2026-11-20', `run-${done.number}`);
    expect(await readdir(folder)).toEqual(['SYNTHETIC-colors-2026-11-20.xlsx']);
    const { sheets } = await readXlsx(await readFile(path.join(folder, 'SYNTHETIC-colors-2026-11-20.xlsx')));
    // A title and a header above the rows.
    expect(sheets.map(({ name, rows }) => [name, rows.length - 2])).toEqual([
      ['Colors', processing.kept],
      ['Excluded', processing.excluded],
    ]);
    // It ran already: starting the product again starts nothing.
    await startDemoMorning(server.parts.engine.runs, actor);
    expect((await server.parts.engine.runs.listRuns(actor, { flow: demoColorFlow, limit: 10 })).items).toHaveLength(1);
  });

  test('a business date without a file fails in clear words', async () => {
    const { runs } = server.parts.engine;
    const { id } = await runs.startRun(actor, { slug: 'mifir-daily', parameters: { businessDate: '2026-11-19' } });
    let seen = await runs.showRun(actor, id);
    while (!finalRunStates.includes(seen.state)) seen = await runs.showRun(actor, id);
    expect(seen).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('SYNTHETIC-mifir-trades-2026-11-19.csv') } });
    expect(stepOf(seen, 'trades')?.error?.hint).toContain('SYNTHETIC-mifir-trades-2026-11-18.csv');
  });

  test.skipIf(!hasEsmaSchemas || sshdMissing)('valid against the uploaded ESMA schemas (TIDEWHEEL_SHARED), delivered by SFTP to a real sshd', async () => {
    const { databases, objects } = server.parts.foundation;
    for (const [slug, { name, content }] of Object.entries(esmaSchemas())) {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      await uploadFile({ databases, objects }, actor, {
        slug,
        name,
        mediaType: 'application/xml',
        content: (async function* () {
          yield bytes;
        })(),
      });
    }
    await using sshd = await startSshd();
    await createConnection(server.parts.connections, actor, {
      slug: 'regulator',
      title: 'Regulator',
      type: 'sftp',
      config: sshd.config(),
      secret: { password: sshd.user.password },
    });
    const { source } = await showFlow(server.parts.flows, actor, { slug: 'mifir-daily' });
    const changed = source
      .replace('flow: mifir-daily', 'flow: mifir-sftp')
      .replace('preset: mifir_rts22', 'preset: mifir_rts22\n      schemas: [document, header, envelope]')
      .replace('use: deliver.folder', 'use: deliver.sftp')
      .replace('connection: demo-outbox', 'connection: regulator');
    await applyFlow(server.parts.flows, actor, changed);
    const done = await run('mifir-sftp');
    expect(done.error).toBeNull();
    const [artifact] = (await server.parts.engine.runs.listArtifacts(actor, { run: done.id, limit: 10 })).items;
    expect(artifact).toMatchObject({ metadata: { records: 9_790, validation: { result: 'valid', notCovered: [] } } });
    const arrived = await readFile(path.join(sshd.user.home, 'mifir/2026-11-18', `run-${done.number}`, artifact?.name ?? ''));
    expect(createHash('sha256').update(arrived).digest('hex')).toBe(artifact?.sha256);
  });
});

test('an installation that allows other folders only starts without the demo', async () => {
  const other = await freshDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-demo-'));
  const settings = { ...settingsOf({ TIDEWHEEL_FOLDERS: '/srv/exchange' }), databaseUrl: other.address.ownerUrl, dataFolder: folder };
  const started = await startServer({ settings, folder: await openDataFolder(folder), log });
  try {
    const system = systemActor(started.parts.foundation.workspaceId);
    await expect(showFlow(started.parts.flows, system, { slug: 'mifir-daily' })).rejects.toMatchObject({ status: 404 });
  } finally {
    await started.stop();
    await other.drop();
    await rm(folder, { recursive: true, force: true });
  }
});
