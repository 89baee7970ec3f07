// What a step says of its progress, seen by who asks for the run and by who follows its events.
import { setTimeout as sleep } from 'node:timers/promises';
import { StepProgress } from '@tidewheel/contract/step-progress';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, startEngineBench } from '../../testing/engine-bench.ts';

let bench: EngineBench;
let goOn: () => void = () => undefined;
const told = new Promise<void>((resolve) => {
  goOn = resolve;
});

beforeAll(async () => {
  bench = await startEngineBench({
    steps: {
      'test.copy': async (_, ctx) => {
        for (let bytes = 0; bytes < 300_000; bytes++) ctx.progress({ bytes, total: 1_000_000 });
        // What is newest is told although it came too soon after what was told before.
        await Promise.race([told, sleep(60_000, undefined, { signal: ctx.signal })]);
        return {};
      },
    },
  });
});
afterAll(() => bench.close());

test('the newest progress is with the step while it runs, in few events of a known form, and goes when it ends', async () => {
  const started = await bench.start({ steps: { copy: { use: 'test.copy' } } });
  const moving = await bench.until(started.id, (run) => run.steps[0]?.progress?.percent === 29.9);
  expect(moving.steps[0]?.progress).toMatchObject({ bytes: 299_999, total: 1_000_000, unit: 'bytes', attempt: 1 });
  goOn();
  const ended = await bench.ended(started.id);
  expect(ended.steps[0]).toMatchObject({ state: 'succeeded', progress: null });
  const events = (await bench.events(started.id)).filter((event) => event.type === 'step.progressed');
  expect(events.length).toBeGreaterThan(0);
  expect(events.length).toBeLessThan(20);
  for (const event of events) expect(StepProgress.strict().parse(event.data)).toEqual(event.data);
});
