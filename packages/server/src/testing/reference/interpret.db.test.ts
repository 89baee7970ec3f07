// Random flows on a calm engine come out as the reference says. A difference is shrunk to the smallest flow that shows it.

import { finalRunStates } from '@tidewheel/contract/run';
import { stepTypes } from '@tidewheel/steps/index';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EngineBench, insertFlow, startEngineBench } from '../engine-bench.ts';
import { actingStep } from './acting-step.ts';
import { answerAll } from './answers.ts';
import { differences, eventFaults } from './compare.ts';
import { interpret } from './interpret.ts';
import { documentOf, type Recipe, recipes } from './random-flow.ts';
import { type RecordedRun, readRecorded } from './recorded.ts';

let bench: EngineBench;
beforeAll(async () => {
  bench = await startEngineBench({ steps: {}, types: [...stepTypes, actingStep(async () => {})] });
});
afterAll(() => bench.close());

let made = 0;

async function differ(inner: Recipe[], outer: Recipe[]): Promise<string[]> {
  const number = ++made;
  const low = documentOf(inner, { flow: `low-${number}`, flows: [] });
  const high = documentOf(outer, { flow: `high-${number}`, flows: low.timeout === undefined ? [low.flow] : [] });
  for (const document of [low, high]) await insertFlow(bench.databases, { workspaceId: bench.actor.workspaceId, document });
  const started = await bench.runs.startRun(bench.actor, { slug: high.flow, parameters: {} });
  const pool = bench.databases.enginePool;
  for (const began = Date.now(); Date.now() - began < 30_000; ) {
    await answerAll({ databases: bench.databases, queue: bench.engine.queue });
    const { rows } = await pool.query('select 1 from run where (id = $1 or root_id = $1) and finished_at is null', [started.id]);
    if (rows.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const recorded = await readRecorded(pool);
  const run = recorded.get(started.id);
  if (!run || !finalRunStates.includes(run.state)) return [`${high.flow} has not ended`, JSON.stringify([low, high], null, 1)];
  const found = [
    ...differences(
      { ...interpret(high, { parameters: {}, flows: new Map([[low.flow, low]]), left: run }), mayBeCancelled: run.limit.cancelledAt !== null },
      run,
    ),
    ...withBelow(run).flatMap(eventFaults),
  ];
  return found.length === 0 ? [] : [...found, JSON.stringify([low, high], null, 1)];
}

function withBelow(run: RecordedRun): RecordedRun[] {
  return [run, ...[...run.below.values()].flatMap(withBelow)];
}

test('random flows come out as the reference says', async () => {
  const seed = Number(process.env['TIDEWHEEL_SEED'] ?? Date.now() % 1_000_000);
  await fc.assert(
    fc.asyncProperty(recipes, recipes, async (inner, outer) => {
      expect(await differ(inner, outer)).toEqual([]);
    }),
    { seed, numRuns: Number(process.env['TIDEWHEEL_FLOWS'] ?? 40), interruptAfterTimeLimit: 20_000 },
  );
});
