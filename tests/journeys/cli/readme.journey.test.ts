// What README tells a newcomer to type does what README says.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

const readme = readFileSync('README.md', 'utf8');
let server: TestServer;
let shell: Shell;

beforeAll(async () => {
  server = await startTestServer();
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
});
afterAll(() => server?.stop());

function blockAfter(mark: string): string {
  const found = new RegExp(`<!-- ${mark}[^>]*-->\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (!found?.[1]) expect.fail(`README has no block after ${mark}`);
  return found[1];
}

test('the first flow is applied, runs and leaves its file, command by command', async () => {
  await writeFile(path.join(shell.folder, 'busiest-airports.yaml'), blockAfter('first-flow'));
  const commands = blockAfter('first-commands').trim().split('\n');
  expect(commands).toHaveLength(4);
  for (const line of commands) {
    const [npx, program, ...args] = line.split(' ');
    expect([npx, program]).toEqual(['npx', 'tidewheel']);
    const outcome = await shell.tidewheel(args);
    expect(outcome.code, `${line}\n${outcome.stdout}${outcome.stderr}`).toBe(0);
  }
  const lines = (await readFile(path.join(shell.folder, 'busiest-airports.csv'), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  expect(lines[1]).toMatch(/^1,[A-Z]{3},\d+,\d+$/);
});

test('npx tidewheel is what the workspace installs', () => {
  expect(execFileSync('npx', ['--no-install', 'tidewheel', '--help'], { encoding: 'utf8' })).toContain('Exit codes:');
});

test('every file that README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target);
  expect(links.length).toBeGreaterThan(8);
  for (const link of links) expect(existsSync(link), link).toBe(true);
});

test('every setting that README names is one of .env.example', () => {
  const known = readFileSync('.env.example', 'utf8');
  const names = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(known, name).toContain(name);
});
