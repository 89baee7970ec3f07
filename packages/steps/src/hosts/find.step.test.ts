import { readFile } from 'node:fs/promises';
import { defineStep } from '@tidewheel/kit/define-step';
import type { TargetFacts } from '@tidewheel/kit/define-transport';
import { newTrace, runStep } from '@tidewheel/kit/harness';
import { expect, test } from 'vitest';
import { targetsFind } from './find.step.ts';

const host = (name: string, more: Partial<TargetFacts> = {}): TargetFacts => ({
  id: name,
  name,
  address: `${name}.example.com`,
  os: 'linux',
  transport: 'ssh',
  tags: ['web', 'eu'],
  groups: [],
  facts: { cpus: 4 },
  inMaintenance: false,
  ...more,
});

/** The source of a table step, run as the engine runs it: with the context of an inline one. */
async function rowsOf(config: Parameters<NonNullable<typeof targetsFind.source>>[0], foundTargets: TargetFacts[]) {
  const trace = newTrace();
  const reading = defineStep({
    ...targetsFind,
    produces: 'value',
    run: async (given, ctx) => ({ value: await readFile((await targetsFind.source?.(given, ctx))?.path ?? '', 'utf8') }),
  });
  await using outcome = await runStep(reading, config, { foundTargets, trace });
  return { text: String(outcome.result.value), logs: trace.logs };
}

const config = { tags: ['web'], maintenance: 'leaveOut', atLeast: 1 } as const;

test('hosts become rows; what is in maintenance is left out and named', async () => {
  const { text, logs } = await rowsOf({ ...config, tags: ['web'] }, [host('web-1'), host('web-2', { inMaintenance: true }), host('a "b"')]);
  expect(text).toBe(
    '"name","address","os","transport","tags","groups","facts"\n"web-1","web-1.example.com","linux","ssh","web,eu","","{""cpus"":4}"\n"a ""b""","a ""b"".example.com","linux","ssh","web,eu","","{""cpus"":4}"\n',
  );
  expect(logs.map((line) => line.text)).toContain('1 hosts are in maintenance and left out: web-2');
});

test('fewer than expected is a failure that says how many, and a selection of nothing is refused', async () => {
  const away = [host('web-1', { inMaintenance: true })];
  await expect(rowsOf({ ...config, tags: ['web'] }, away)).rejects.toMatchObject({
    code: 'targets.too_few',
    message: expect.stringContaining('besides 1 in maintenance'),
  });
  expect((await rowsOf({ ...config, tags: ['web'], maintenance: 'keep' }, away)).text).toContain('web-1');
  expect((await rowsOf({ ...config, tags: ['web'], atLeast: 0 }, [])).text).toBe('"name","address","os","transport","tags","groups","facts"\n');
  expect(targetsFind.config.safeParse({}).success).toBe(false);
});
