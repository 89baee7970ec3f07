// The demo flows from the command line: applied, started with parameters, watched, their logs read, what came out fetched and verified.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Run, RunEvent } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

const demo = path.resolve('packages/server/src/app/demo');
let server: TestServer;
let shell: Shell;

beforeAll(async () => {
  server = await startTestServer();
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
});
afterAll(() => server?.stop());

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

test('both documents are valid and applied; applying them again changes nothing', async () => {
  const files = ['flight-delays.yaml', 'mifir-daily.yaml'].map((name) => path.join(demo, name));
  for (const file of files)
    expect(await shell.tidewheel(['flow', 'validate', file])).toMatchObject({ code: 0, stdout: expect.stringContaining('is a valid flow') });
  const applied = await shell.tidewheel(['flow', 'apply', ...files]);
  expect(applied).toMatchObject({ code: 0 });
  const again = (await shell.tidewheel(['flow', 'apply', '--json', ...files])).json<{ flow: string; outcome: string }[]>();
  expect(again.map(({ flow, outcome }) => [flow, outcome])).toEqual([
    ['flight-delays', 'unchanged'],
    ['mifir-daily', 'unchanged'],
  ]);
  const listed = (await shell.tidewheel(['flow', 'list', '--json'])).json<{ slug: string }[]>();
  expect(listed.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['flight-delays', 'mifir-daily']));
});

test('the source that comes back is the text that went in', async () => {
  const shown = await shell.tidewheel(['flow', 'show', 'flight-delays', '--source']);
  expect(shown.stdout).toBe(await readFile(path.join(demo, 'flight-delays.yaml'), 'utf8'));
  expect(await shell.tidewheel(['flow', 'show', 'flight-delays'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/lateAfter\s+integer\s+15/) });
});

test('a run with a parameter, watched as text to its end', async () => {
  const watched = await shell.tidewheel(['run', 'start', 'flight-delays', '--param', 'lateAfter=30', '--watch']);
  expect(watched).toMatchObject({ code: 0 });
  expect(watched.stdout).toMatch(/flights\s+succeeded/);
  expect(watched.stdout).toMatch(/Run \d+ of flight-delays ✓ succeeded in .*: 3,003,376 rows in/);
  expect(watched.stdout).not.toContain('\u001b');
  expect(watched.stderr).not.toContain('Connected again');
  const run = (await shell.tidewheel(['run', 'show', 'latest', '--json'])).json<Run>();
  expect(run).toMatchObject({ state: 'succeeded', parameters: { lateAfter: 30 } });
});

test('what came out is downloaded and its checksum verified; nothing is replaced unasked', async () => {
  const listed = (await shell.tidewheel(['artifact', 'list', '--run', 'latest', '--json'])).json<{ name: string; sha256: string; id: string }[]>();
  expect(listed.map(({ name }) => name).sort()).toEqual([
    'delays-by-airport-and-day.csv',
    'delays-by-airport-and-day.parquet',
    'top-ten-routes.csv',
    'top-ten-routes.json',
  ]);
  const saved = await shell.tidewheel(['artifact', 'download', '--run', 'latest', '--json']);
  expect(saved).toMatchObject({ code: 0 });
  for (const { name, sha256: hash } of listed) expect(await sha256(path.join(shell.folder, name))).toBe(hash);
  expect((await readdir(shell.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(await shell.tidewheel(['artifact', 'download', 'top-ten-routes.csv', '--run', 'latest'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('--force'),
  });
  expect(await shell.tidewheel(['artifact', 'download', 'top-ten-routes.csv', '--run', 'latest', '--force'])).toMatchObject({ code: 0 });
  const byId = await shell.tidewheel(['artifact', 'download', listed.find(({ name }) => name === 'top-ten-routes.csv')?.id ?? '', '--output', '-']);
  expect(byId.stdout).toBe(await readFile(path.join(shell.folder, 'top-ten-routes.csv'), 'utf8'));
  expect(byId.stdout.trimEnd().split('\n')).toHaveLength(11);
  expect(await shell.tidewheel(['artifact', 'download', 'nothing.csv', '--run', 'latest'])).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('top-ten-routes.csv'),
  });
});

test('the report: good rows in the file, bad ones in quarantine with the rule that failed', async () => {
  const streamed = await shell.tidewheel(['run', 'start', 'mifir-daily', '--watch', '--json']);
  expect(streamed).toMatchObject({ code: 0, stderr: '' });
  const lines = streamed.jsonLines<RunEvent | Run>();
  const run = lines.at(-1) as Run;
  const events = lines.slice(0, -1) as RunEvent[];
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(run).toMatchObject({ state: 'succeeded', flow: 'mifir-daily', rowsIn: expect.any(Number), rejected: 210 });
  expect(await shell.tidewheel(['run', 'show', String(run.number)])).toMatchObject({ code: 0, stdout: expect.stringContaining('isin_check_digit') });
  const deliveries = (await shell.tidewheel(['delivery', 'list', '--run', 'latest', '--json'])).json<{ state: string; sha256: string }[]>();
  const artifacts = (await shell.tidewheel(['artifact', 'list', '--run', 'latest', '--json'])).json<{ sha256: string }[]>();
  expect(deliveries).toMatchObject([{ state: 'delivered', sha256: artifacts[0]?.sha256 }]);
});

test('logs and events of a run, whole and by step', async () => {
  expect((await shell.tidewheel(['run', 'logs', 'latest'])).code).toBe(0);
  const events = (await shell.tidewheel(['run', 'events', 'latest', '--json'])).jsonLines<RunEvent>();
  expect(events[0]).toMatchObject({ type: 'run.queued' });
  expect(events.at(-1)).toMatchObject({ type: 'run.succeeded' });
  const followed = await shell.tidewheel(['run', 'logs', 'latest', '--follow', '--json']);
  expect(followed.code).toBe(0);
});

test('the same key starts one run only; a rerun is another', async () => {
  const start = async () => (await shell.tidewheel(['run', 'start', 'mifir-daily', '--key', 'job-1', '--json'])).json<{ id: string }>().id;
  const first = await start();
  expect(await start()).toBe(first);
  expect(await shell.tidewheel(['run', 'watch', first])).toMatchObject({ code: 0 });
  const again = await shell.tidewheel(['run', 'rerun', first, '--wait', '--json']);
  expect(again.code).toBe(0);
  expect(again.json<Run>()).toMatchObject({ rerunOf: first, state: 'succeeded' });
});

test('each way to name something wrong has its own exit code', async () => {
  const cases: [string[], number, RegExp][] = [
    [['run', 'start', 'no-such-flow'], 5, /no-such-flow/],
    [['run', 'start', 'flight-delays', '-p', 'lateAfter=soon'], 2, /lateAfter/],
    [['run', 'start', 'flight-delays', '-p', 'lateAfter=9999'], 2, /lateAfter/],
    [['run', 'start', 'flight-delays', '-p', 'lateAftr=3'], 2, /lateAftr/],
    [['run', 'show', '999999'], 5, /999999/],
    [['run', 'show', '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b'], 5, /./],
    [['run', 'show', 'rubbish'], 2, /rubbish/],
    [['run', 'lst'], 2, /list/],
    [['run', 'list', '--limit', '0'], 2, /limit/],
    [['flow', 'apply', 'no-such-file.yaml'], 2, /no-such-file/],
    [['artifact', 'download', '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b'], 5, /./],
    [['step-type', 'show', 'table.fliter'], 5, /table\.filter/],
  ];
  for (const [args, code, stderr] of cases) {
    expect.soft(await shell.tidewheel(args), args.join(' ')).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(stderr) });
    const asJson = await shell.tidewheel([...args, '--json']);
    expect.soft(asJson, `${args.join(' ')} --json`).toMatchObject({ code, stdout: '' });
    if (code === 5) expect.soft(JSON.parse(asJson.stderr)).toMatchObject({ error: { exitCode: 5, code: expect.any(String) } });
  }
});

test('a flow is archived and restored; an archived one starts no runs', async () => {
  expect(await shell.tidewheel(['flow', 'archive', 'mifir-daily'])).toMatchObject({ code: 0 });
  expect((await shell.tidewheel(['run', 'start', 'mifir-daily'])).code).toBe(6);
  expect(await shell.tidewheel(['flow', 'restore', 'mifir-daily'])).toMatchObject({ code: 0 });
  expect((await shell.tidewheel(['flow', 'versions', 'mifir-daily', '--json'])).json<object[]>()).toHaveLength(1);
});

test('a file is uploaded, listed and comes back the same', async () => {
  await writeFile(path.join(shell.folder, 'Venues 2021.csv'), 'MIC,NAME\nXPAR,Euronext Paris\n');
  expect(await shell.tidewheel(['file', 'upload', 'Venues 2021.csv'])).toMatchObject({ code: 0, stdout: expect.stringContaining('venues-2021') });
  expect((await shell.tidewheel(['file', 'list', '--json'])).json<{ name: string; mediaType: string }[]>()).toMatchObject([
    { name: 'Venues 2021.csv', mediaType: 'text/csv' },
  ]);
  expect((await shell.tidewheel(['file', 'download', 'venues-2021', '--output', '-'])).stdout).toBe('MIC,NAME\nXPAR,Euronext Paris\n');
  expect(await shell.tidewheel(['file', 'download', 'venues-2021'])).toMatchObject({ code: 6 });
});

test('step types explain themselves from their schema', async () => {
  expect(await shell.tidewheel(['step-type', 'list'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/table\.filter\s+Tables/) });
  expect(await shell.tidewheel(['step-type', 'show', 'table.filter'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/where\s+SQL over columns\s+\(required\)/),
  });
});

test('a color flow is run by hand, in place of what its schedule has next; the desk counts it', async () => {
  const file = path.join(shell.folder, 'morning.yaml');
  const rule = 'rules:\n  - kind: businessDays\n    at: ["07:00"]\n';
  await writeFile(file, `schedule: morning\ntitle: Every morning\nflow: color-morning\ntimeZone: America/New_York\ncalendar: NYSE\n${rule}`);
  expect(await shell.tidewheel(['schedule', 'apply', file])).toMatchObject({ code: 0 });
  const next = async () => (await shell.tidewheel(['schedule', 'list', '--flow', 'color-morning', '--json'])).json<{ nextAt: string }[]>()[0]?.nextAt ?? '';
  const planned = await next();
  const ran = await shell.tidewheel(['color', 'run', 'color-morning', '--next', 'cancel', '--watch']);
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect((await next()) > planned).toBe(true);
  expect(await shell.tidewheel(['color', 'run', 'flight-delays', '--next', 'cancel'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no active schedule'),
  });
  const desk = (await shell.tidewheel(['color', 'desk', '--json'])).json<{ colors: number; byBias: object[] }>();
  expect(desk.colors).toBeGreaterThan(4_000);
  const exported = await shell.tidewheel(['color', 'desk', '--export', 'csv', '-o', '-']);
  expect(exported.stdout).toContain('Sector and market,');
});
