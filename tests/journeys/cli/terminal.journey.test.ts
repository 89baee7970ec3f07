// How the command line behaves on a terminal, in a pipe, and at Ctrl+C.
import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Run } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let shell: Shell;

/** Long enough to be cancelled: every flight beside every other. */
const slowFlow = `flow: slow
title: Slow
steps:
  flights:
    use: table.read
    with: { connection: demo-data, path: flights-3m.parquet, format: parquet }
  counted:
    use: table.sql
    from: flights
    with: { sql: "select count(*) as n from input a, input b where a.delay % 7 = b.distance % 5" }
  kept:
    use: table.write
    from: counted
    with: { name: n.csv, format: csv }
`;

beforeAll(async () => {
  server = await startTestServer();
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
  await mkdir(path.join(shell.folder, 'flows'));
  await writeFile(path.join(shell.folder, 'slow.yaml'), slowFlow);
  expect(await shell.tidewheel(['flow', 'apply', 'slow.yaml'])).toMatchObject({ code: 0 });
});
afterAll(() => server?.stop());

async function latest(): Promise<Run> {
  return (await shell.tidewheel(['run', 'show', 'latest', '--json'])).json<Run>();
}

test('help waits for nothing that a command needs', async () => {
  const loaded = await loadedBy(['--help']);
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.length).toBeLessThan(60);
  expect(loaded.filter((module) => /node_modules\/zod\/|src\/commands\//.test(module))).toEqual([]);
});

/** The modules that a command of the command line loads: their number is what it takes to begin. */
async function loadedBy(command: string[]): Promise<string[]> {
  const watch = `import { registerHooks } from 'node:module'; registerHooks({ load(url, context, next) { console.log('loaded ' + url); return next(url, context); } });`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(watch)}`, path.resolve('packages/cli/tidewheel.mjs'), ...command],
    { env: shell.env, cwd: shell.folder },
  );
  return [...stdout.matchAll(/^loaded (.+)$/gm)].map(([, url = '']) => url);
}

test('Ctrl+C stops watching, says so, and leaves the run alone; cancel ends it with exit code 1', async () => {
  let isAsked = false;
  const watched = await shell.tidewheel(['run', 'start', 'slow', '--watch'], {
    onOutput: (output, child) => {
      if (isAsked || !/counted\s+started/.test(output)) return;
      isAsked = true;
      child.kill('SIGINT');
    },
  });
  expect(watched).toMatchObject({ code: 130, stderr: expect.stringMatching(/Stopped watching; run \d+ goes on.*tidewheel run cancel \d+/) });
  const run = await latest();
  expect(run.state).toBe('running');
  const cancelled = await shell.tidewheel(['run', 'cancel', String(run.number), '--wait']);
  expect(cancelled).toMatchObject({ code: 1, stdout: expect.stringContaining('cancelled') });
  expect((await latest()).state).toBe('cancelled');
  expect((await shell.tidewheel(['run', 'watch', String(run.number)])).code).toBe(1);
});

test('on a terminal the steps are redrawn in place and Ctrl+C does the same', async () => {
  let isAsked = false;
  const watched = await shell.onTerminal(['run', 'start', 'slow', '--watch'], {
    keepStdinOpen: true,
    onOutput: (output, child) => {
      if (isAsked || !output.includes('▶ running')) return;
      isAsked = true;
      setTimeout(() => child.stdin?.write('\u0003'), 500);
    },
  });
  expect(watched.code).toBe(130);
  expect(watched.stdout).toContain('\u001b[J');
  expect(watched.stdout).toContain('goes on');
  expect(await shell.tidewheel(['run', 'cancel', 'latest', '--wait'])).toMatchObject({ code: 1 });
});

test('colour on a terminal only, and not with NO_COLOR', async () => {
  expect((await shell.onTerminal(['run', 'list'])).stdout).toContain('\u001b[');
  expect((await shell.onTerminal(['run', 'list'], { env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
  expect((await shell.tidewheel(['run', 'list'])).stdout).not.toContain('\u001b[');
});

test('tables are cut to the terminal, and only there', async () => {
  const title = `A title that is ${'very '.repeat(30)}long`;
  await shell.tidewheel(['flow', 'apply', '-'], { stdin: slowFlow.replace('flow: slow', 'flow: wide').replace('title: Slow', `title: ${title}`) });
  const shown = await shell.onTerminal(['flow', 'list'], { env: { NO_COLOR: '1' } });
  expect(shown.stdout).toContain('…');
  for (const line of shown.stdout.split(/\r?\n/)) expect(line.length).toBeLessThanOrEqual(100);
  expect((await shell.tidewheel(['flow', 'list'])).stdout).toContain(title);
});

test('a pipe that is closed early ends it quietly', async () => {
  const script = `${[process.execPath, path.resolve('packages/cli/tidewheel.mjs')].join(' ')} run events latest --json | head -c 10 > /dev/null; echo "\${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', script], { env: shell.env, cwd: shell.folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve) => child.once('close', resolve));
  expect(output.trim()).toBe('0');
});

test('a connection that would be refused ends with 1, so that a script can ask', async () => {
  const refused = await shell.tidewheel(['security', 'check', '169.254.169.254']);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('metadata service') });
  expect(await shell.tidewheel(['security', 'check', '10.1.2.3', '--as', 'host', '--json'])).toMatchObject({ code: 0 });
});
