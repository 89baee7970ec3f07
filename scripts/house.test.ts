// The rules of the house really bite: each is broken on purpose in a scratch copy of the layout, and the check must say so.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const server = 'packages/server/src';
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'tw-house-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '*tsconfig*.json', 'biome.json', '.gitignore', 'packages/*/package.json'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  for (const file of tracked.filter(Boolean)) cpSync(path.join(root, file), path.join(copy, file));
  execFileSync('git', ['init', '-q'], { cwd: copy });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  writeFileSync(path.join(copy, file), text);
}

/** The compiler's words about one project of a tree of empty layers, of which only `files` have something in them. */
function compile(project: string, files: Record<string, string>): string {
  const layers = [
    'base',
    'storage',
    'platform/identity',
    'platform/vault',
    'platform/events',
    'engine',
    'features/connections',
    'features/colors',
    'features/files',
    'app',
  ];
  for (const layer of layers) write(`${server}/${layer}/layer.ts`, 'export const layer = 1;\n');
  for (const layer of ['contract', 'kit', 'steps', 'client', 'cli']) write(`packages/${layer}/src/layer.ts`, 'export const layer = 1;\n');
  for (const [file, text] of Object.entries(files)) write(file, text);
  const { stdout } = spawnSync(path.join(root, 'node_modules/.bin/tsc'), ['-b', '--force', '--pretty', 'false', project], { cwd: copy, encoding: 'utf8' });
  for (const file of Object.keys(files)) rmSync(path.join(copy, file));
  return stdout;
}

describe('layers', () => {
  test('a downward import compiles', () => {
    expect(compile(`${server}/engine`, { [`${server}/engine/down.ts`]: `import { layer } from '../storage/layer.ts';\nexport const here = layer;\n` })).toBe(
      '',
    );
  });

  test.each([
    ['upward, from storage to the engine', `${server}/storage`, 'up.ts', '../engine/layer.ts'],
    ['upward, from base to storage', `${server}/base`, 'up.ts', '../storage/layer.ts'],
    ['sideways, from one platform slice to another', `${server}/platform/vault`, 'side.ts', '../identity/layer.ts'],
    ['sideways, from one feature to another', `${server}/features/files`, 'side.ts', '../connections/layer.ts'],
    ['upward, from the engine to app', `${server}/engine`, 'up.ts', '../app/layer.ts'],
    ['out, from kit to the server', 'packages/kit/src', 'out.ts', '../../server/src/base/layer.ts'],
    ['out, from the contract to kit', 'packages/contract/src', 'out.ts', '../../kit/src/layer.ts'],
    ['out, from the command line to the server', 'packages/cli/src', 'out.ts', '../../server/src/base/layer.ts'],
  ])('an import %s does not compile', (_what, project, file, target) => {
    const said = compile(project, { [`${project}/${file}`]: `import { layer } from '${target}';\nexport const here = layer;\n` });
    expect(said).toMatch(/error TS(6307|6059)/);
  });

  test('every folder of the server that holds code is a project of its own layer', () => {
    const listed = (JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8')) as { references: { path: string }[] }).references.map(
      (each) => each.path,
    );
    const projects = execFileSync('git', ['ls-files', '*/tsconfig.json'], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((file) => path.dirname(file));
    expect(projects.filter((project) => !listed.includes(project))).toEqual([]);
    const sources = execFileSync('git', ['ls-files', `${server}/*.ts`], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n')
      .filter((file) => !file.includes('/testing/'));
    expect(sources.filter((file) => !projects.some((project) => file.startsWith(`${project}/`)))).toEqual([]);
  });
});

function lint(file: string, text: string, others: Record<string, string> = {}): string {
  const files = { ...others, [file]: text };
  for (const [name, content] of Object.entries(files)) write(name, content);
  const { stdout, stderr } = spawnSync(path.join(root, 'node_modules/.bin/biome'), ['lint', '--colors=off', file], { cwd: copy, encoding: 'utf8' });
  for (const name of Object.keys(files)) rmSync(path.join(copy, name));
  return stdout + stderr;
}

describe('style and imports', () => {
  const long = Array.from({ length: 70 }, (_, i) => `  total += ${i};`).join('\n');
  test.each([
    ['noDefaultExport', `${server}/engine/a.ts`, 'export default 1;\n'],
    ['noBarrelFile', `${server}/engine/a.ts`, `export { layer } from './layer.ts';\n`],
    ['useFilenamingConvention', `${server}/engine/camelCase.ts`, 'export const a = 1;\n'],
    ['noExplicitAny', `${server}/engine/a.ts`, 'export const a = (b: any): string => String(b);\n'],
    ['noTsIgnore', `${server}/engine/a.ts`, '// @ts-ignore\nexport const a: string = 1;\n'],
    ['noExcessiveLinesPerFunction', `${server}/engine/a.ts`, `export function a(): number {\n  let total = 0;\n${long}\n  return total;\n}\n`],
    ['noExcessiveLinesPerFile', `${server}/engine/a.ts`, Array.from({ length: 410 }, (_, i) => `export const a${i} = ${i};`).join('\n')],
    ['noFloatingPromises', `${server}/engine/a.ts`, 'async function later(): Promise<void> {}\nexport function a(): void {\n  later();\n}\n'],
    ['noRestrictedImports', `${server}/engine/a.ts`, `import pg from 'pg';\nexport const a = pg;\n`],
    ['noRestrictedImports', `${server}/features/files/files.service.ts`, `import { sql } from 'kysely';\nexport const a = sql;\n`],
    ['noRestrictedImports', 'packages/contract/src/a.ts', `import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n`],
    ['noRestrictedImports', 'packages/contract/src/a.ts', `import { Ability } from '@casl/ability';\nexport const a = Ability;\n`],
    ['noRestrictedImports', 'packages/contract/src/routes/a.ts', `import { Slug } from '@tidewheel/kit/a';\nexport const a = Slug;\n`],
    ['noRestrictedImports', 'packages/contract/src/ability.ts', `import { z } from 'zod';\nexport const a = z;\n`],
    ['noRestrictedImports', 'packages/web/src/a.ts', `import { a } from '@tidewheel/kit/define-step';\nexport const b = a;\n`],
    ['noConsole', `${server}/engine/a.ts`, `console.log('x');\nexport const a = 1;\n`],
  ])('%s bites in %s', (rule, file, text) => {
    expect(lint(file, text)).toContain(rule);
  });

  test('the contract imports zod, its own files, and CASL in one of them', () => {
    const own = { 'packages/contract/src/b.ts': 'export const b = 1;\n' };
    const withZod = `import { z } from 'zod';\nimport { b } from './b.ts';\nexport const a = z.literal(b);\n`;
    expect(lint('packages/contract/src/a.ts', withZod, own)).not.toContain('noRestrictedImports');
    expect(lint('packages/contract/src/routes/a.ts', withZod.replace('./b', '../b'), own)).not.toContain('noRestrictedImports');
    const withCasl = `import { Ability } from '@casl/ability';\nimport { b } from './b.ts';\nexport const a = [Ability, b];\n`;
    expect(lint('packages/contract/src/ability.ts', withCasl, own)).not.toContain('noRestrictedImports');
  });

  test('noImportCycles bites', () => {
    const a = `import { b } from './b.ts';\nexport const a = (): number => b();\n`;
    const b = `import { a } from './a.ts';\nexport const b = (): number => a();\n`;
    expect(lint(`${server}/engine/a.ts`, a, { [`${server}/engine/b.ts`]: b })).toContain('noImportCycles');
  });

  test('what the house allows passes', () => {
    expect(lint(`${server}/features/files/files.store.ts`, `import { sql } from 'kysely';\nexport const now = sql;\n`)).not.toContain('lint/');
    expect(lint('packages/web/src/Page.tsx', 'export const Page = (): string => "x";\n')).not.toContain('useFilenamingConvention');
  });
});

describe('the one way out', () => {
  test.each([
    ['noRestrictedGlobals', `${server}/features/files/a.ts`, `export const a = (url: string) => fetch(url);\n`],
    ['noRestrictedGlobals', `${server}/platform/identity/a.ts`, `export const a = (url: string) => globalThis.fetch(url);\n`],
    ['noRestrictedGlobals', 'packages/steps/src/http/a.step.ts', `export const a = (url: string) => new WebSocket(url);\n`],
    ['noRestrictedImports', `${server}/platform/identity/a.ts`, `import { request } from 'node:http';\nexport const a = request;\n`],
    ['noRestrictedImports', `${server}/platform/identity/a.ts`, `import http from 'node:http';\nexport const a = http;\n`],
    ['noRestrictedImports', `${server}/platform/identity/a.ts`, `import * as https from 'node:https';\nexport const a = https;\n`],
    ['noRestrictedImports', `${server}/platform/mail/a.ts`, `import { connect } from 'node:net';\nexport const a = connect;\n`],
    ['noRestrictedImports', `${server}/platform/mail/a.ts`, `export const a = await import('node:tls');\n`],
    ['noRestrictedImports', `${server}/platform/mail/a.store.ts`, `import { connect } from 'node:tls';\nexport const a = connect;\n`],
    ['noRestrictedImports', 'packages/steps/src/http/a.connector.ts', `import { Agent } from 'undici';\nexport const a = Agent;\n`],
    ['noRestrictedImports', 'packages/steps/src/ssh/a.step.ts', `import ssh2 from 'ssh2';\nexport const a = ssh2;\n`],
    ['noRestrictedImports', `${server}/features/files/a.ts`, `import { createTransport } from 'nodemailer';\nexport const a = createTransport;\n`],
    ['noRestrictedImports', 'packages/kit/src/a.ts', `import { lookup } from 'node:dns/promises';\nexport const a = lookup;\n`],
  ])('%s bites in %s', (rule, file, text) => {
    expect(lint(file, text)).toContain(rule);
  });

  test('what opens no connection passes, and so does the way out itself', () => {
    const harmless = `import { isIP, type Socket } from 'node:net';\nexport const a = (socket: Socket) => isIP(socket.remoteAddress ?? '');\n`;
    expect(lint(`${server}/features/files/a.ts`, harmless)).not.toContain('noRestricted');
    expect(lint('packages/kit/src/egress/a.ts', `import net from 'node:net';\nexport const a = net.connect;\n`)).not.toContain('noRestricted');
    expect(lint('packages/cli/src/a.ts', `export const a = (url: string) => fetch(url);\n`)).not.toContain('noRestricted');
  });
});
