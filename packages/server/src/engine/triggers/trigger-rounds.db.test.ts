// Two schedulers over the same triggers: what comes starts one run each, whichever of them sees it, and both stop in order.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTriggerBench, type TriggerBench } from './testing/trigger-bench.ts';
import { startTriggers, type TriggerRounds } from './trigger-rounds.ts';
import { showTrigger } from './triggers.service.ts';

let bench: TriggerBench;
let schedulers: TriggerRounds[] = [];
beforeAll(async () => {
  bench = await startTriggerBench();
  schedulers = [startTriggers(bench.deps), startTriggers(bench.deps)];
});
afterAll(async () => {
  await Promise.all(schedulers.map((one) => one.stop()));
  await bench.close();
});

test('files that come while both look start one run each, and the end of each starts one more', async () => {
  await mkdir(path.join(bench.folder, 'in'));
  const parameters = { path: { type: 'string' } };
  const steps = { path: { use: 'flow.value', with: { value: 'path' } } };
  const [first, second] = [
    await bench.apply({ parameters, steps, outputs: { path: { value: 'steps.path.value' } } }),
    await bench.apply({ parameters, steps }),
  ];
  const config = { connection: 'inbox', path: 'in', everySeconds: 1, stableSeconds: 1, existing: 'fires' };
  const files = await bench.make({ kind: 'file', flow: first, parameters: { path: 'event.file.path' }, config });
  const ends = await bench.make({ kind: 'flow', flow: second, parameters: { path: 'event.run.output.path' }, config: { flows: [first] } });
  for (let name = 0; name < 12; name++) {
    await writeFile(path.join(bench.folder, 'in', `${name}.csv`), `${name}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await expect.poll(async () => (await bench.history(ends)).filter(({ state }) => state === 'fired').length, { timeout: 60_000, interval: 200 }).toBe(12);
  expect((await bench.history(files)).map(({ title }) => title).sort()).toEqual(Array.from({ length: 12 }, (_, name) => `in/${name}.csv`).sort());
  const paths = [];
  for (const { run } of await bench.history(ends)) paths.push((await bench.ended(run?.id ?? '')).parameters['path']);
  expect(new Set(paths).size).toBe(12);
  expect(await showTrigger(bench.deps, bench.actor, files)).toMatchObject({ health: 'healthy', nextLookAt: expect.any(String) });
});
