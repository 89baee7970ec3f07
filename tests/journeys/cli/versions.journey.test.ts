// A flow from its first draft to versions that are compared, brought back, switched off, exported and imported, from the command line.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FlowComparison, FlowDraft, ImportedFlow } from '@tidewheel/contract/routes/flow-versions';
import type { Flow, FlowSummary } from '@tidewheel/contract/routes/flows';
import type { RunSummary } from '@tidewheel/contract/run';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

let server: TestServer;
let shell: Shell;

beforeAll(async () => {
  server = await startTestServer();
  shell = await openShell({ TIDEWHEEL_DATA: server.dataFolder });
  expect(await shell.tidewheel(['login'])).toMatchObject({ code: 0 });
});
afterAll(() => server?.stop());

const text = (said: string, slug = 'greet') => `# by hand
flow: ${slug}
title: Greeting
kind: job
parameters:
  who: { type: string, default: you }
steps:
  hello:
    use: report.text
    with: { fileName: 'hello-{{ who }}.txt', template: ${said} }
`;
const write = async (name: string, content: string) => {
  await writeFile(path.join(shell.folder, name), content);
  return name;
};
const run = (...words: string[]) => shell.tidewheel(words);

test('a draft is saved with faults, tested when it has none, and published', async () => {
  expect(await run('flow', 'save', await write('greet.yaml', text('Hello').replace('report.text', 'report.txt')))).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('not to be published'),
    stderr: expect.stringMatching(/greet\.yaml:\d+ steps\.hello\.use: unknown step type/),
  });
  expect(await run('run', 'start', 'greet')).toMatchObject({ code: 6, stderr: expect.stringContaining('only has a draft') });
  expect(await run('flow', 'publish', 'greet')).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown step type') });
  await write('greet.yaml', text('Hello'));
  expect(await run('flow', 'save', 'greet.yaml')).toMatchObject({ code: 6, stderr: expect.stringContaining('revision 1') });
  expect(await run('flow', 'save', 'greet.yaml', '--revision', '1')).toMatchObject({ code: 0, stdout: expect.stringContaining('ready to be published') });
  expect((await run('flow', 'draft', 'greet', '--json')).json<FlowDraft>()).toMatchObject({ revision: 2, base: 0, valid: true });
  expect(await run('flow', 'list')).toMatchObject({ stdout: expect.stringMatching(/greet .*draft/) });
  expect(await run('flow', 'test', 'greet', '-p', 'who=Ada', '--wait')).toMatchObject({ code: 0 });
  const [tested] = (await run('run', 'list', '--flow', 'greet', '--json')).json<RunSummary[]>();
  expect(tested).toMatchObject({ draft: true, version: 2, state: 'succeeded', parameters: { who: 'Ada' } });
  expect(await run('run', 'list')).toMatchObject({ stdout: expect.stringContaining('greet (test)') });
  expect(await run('flow', 'publish', 'greet')).toMatchObject({ code: 0, stdout: expect.stringContaining('greet version 1: created') });
  expect(await run('flow', 'draft', 'greet')).toMatchObject({ code: 5 });
  expect(await run('run', 'start', 'greet', '--wait')).toMatchObject({ code: 0 });
});

test('versions are compared by meaning and by text, and brought back', async () => {
  expect(await run('flow', 'apply', await write('greet.yaml', text('Good evening')))).toMatchObject({ code: 0 });
  const told = await run('flow', 'diff', 'greet');
  expect(told.stdout).toMatch(/~ step hello \(report\.text\)\n {4}~ with\.template: Hello -> Good evening/);
  expect((await run('flow', 'diff', 'greet', '1', '2', '--text')).stdout).toContain("+     with: { fileName: 'hello-{{ who }}.txt', template: Good evening }");
  expect((await run('flow', 'diff', 'greet', '--json')).json<FlowComparison>()).toMatchObject({ from: { version: 1 }, to: { version: 2 }, same: false });
  expect(await run('flow', 'diff', 'greet', '7')).toMatchObject({ code: 5, stderr: expect.stringContaining('no version 7') });
  expect(await run('flow', 'diff', 'greet', 'x')).toMatchObject({ code: 2 });
  expect(await run('flow', 'restore', 'greet', '--version', '1')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('version 3 has the text of version 1'),
  });
  expect((await run('flow', 'show', 'greet', '--json')).json<Flow>()).toMatchObject({ version: 3, source: text('Hello') });
});

test('a flow that is off starts nothing and says why', async () => {
  expect(await run('flow', 'off', 'greet')).toMatchObject({ code: 2 });
  expect(await run('flow', 'off', 'greet', '--reason', 'nobody is in')).toMatchObject({ code: 0 });
  expect(await run('run', 'start', 'greet')).toMatchObject({ code: 6, stderr: expect.stringContaining('nobody is in') });
  expect(await run('flow', 'show', 'greet')).toMatchObject({ stdout: expect.stringContaining('nobody is in') });
  expect(await run('flow', 'on', 'greet')).toMatchObject({ code: 0 });
  expect(await run('flow', 'bulk', '--all')).toMatchObject({ code: 2, stderr: expect.stringContaining('What shall be done?') });
  const both = ['flow', 'bulk', 'greet', 'nowhere'];
  expect(await run(...both, '--off', 'spring cleaning', '--dry-run')).toMatchObject({ code: 0, stdout: 'greet\n1 of 1 would change.\n' });
  expect(await run(...both, '--off', 'spring cleaning')).toMatchObject({ stdout: 'greet\n1 of 1 changed.\n', stderr: expect.stringContaining('no such flow') });
  expect(await run('flow', 'bulk', 'greet', '--on')).toMatchObject({ code: 0, stdout: 'greet\n1 of 1 changed.\n' });
  expect((await run('flow', 'list', '--json')).json<FlowSummary[]>().find(({ slug }) => slug === 'greet')).toMatchObject({ off: null });
  expect(await run('run', 'start', 'greet', '--wait')).toMatchObject({ code: 0 });
});

test('flows go out and in as one text; a dry run tells what would happen', async () => {
  expect(await run('flow', 'apply', await write('bye.yaml', `---\n${text('Bye', 'bye')}`))).toMatchObject({ code: 0 });
  expect(await run('flow', 'export', 'greet', 'bye', '-o', 'both.yaml')).toMatchObject({ code: 0 });
  const same = (await run('flow', 'import', 'both.yaml', '--json')).json<{ flows: ImportedFlow[] }>();
  expect(same.flows.map(({ flow, outcome }) => [flow, outcome])).toEqual([
    ['bye', 'unchanged'],
    ['greet', 'unchanged'],
  ]);
  const more = [text('Hi'), text('New', 'new')];
  await write('more.yaml', more.join('---\n'));
  const dry = await run('flow', 'import', 'more.yaml', '--dry-run');
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringMatching(/greet +updated +4 +hello changed[\s\S]*new +created +1/) });
  expect(await run('flow', 'show', 'new')).toMatchObject({ code: 5 });
  await write('faulty.yaml', [...more, 'flow: broken\n'].join('---\n'));
  expect(await run('flow', 'import', 'faulty.yaml')).toMatchObject({ code: 2, stderr: expect.stringMatching(/faulty\.yaml:\d+ /) });
  expect(await run('flow', 'show', 'new')).toMatchObject({ code: 5 });
  expect(await run('flow', 'import', 'more.yaml')).toMatchObject({ code: 0 });
  expect((await run('flow', 'show', 'new', '--json')).json<Flow>()).toMatchObject({ version: 1 });
});
