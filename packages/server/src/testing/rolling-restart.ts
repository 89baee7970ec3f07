// Restarts worker processes one after another while runs go on, by drain and SIGTERM or by SIGTERM alone, then counts what was lost, done twice or cut off.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ControlService } from '../engine/control/control.service.ts';
import { effectStep, judge, makeEffects, settleDown } from './effects.ts';
import { type EngineSite, openEngineSite } from './engine-site.ts';

export interface RollingOptions {
  workers: number;
  /** Rounds in which each worker is restarted once: every other round drains first. */
  rounds: number;
  runsPerRestart: number;
}

export interface RollingOutcome {
  runs: number;
  restarts: number;
  lost: number;
  repeated: number;
  /** Steps that were begun more than once, because a worker went before it had ended them. */
  cut: number;
  findings: string[];
}

const shapes: Record<string, object>[] = [
  { a: effectStep({}), b: effectStep({ from: 'a' }), c: effectStep({ from: 'b' }), d: effectStep({ from: 'c' }, 120), e: effectStep({ from: 'd' }) },
  { a: effectStep({}), left: effectStep({ from: 'a' }, 150), right: effectStep({ from: 'a' }), join: effectStep({ from: 'left', after: 'right' }) },
];

export async function restartOneAfterAnother(options: RollingOptions): Promise<RollingOutcome> {
  const site = await openEngineSite();
  try {
    const effectsUrl = await makeEffects(site);
    const flows = await Promise.all(shapes.map((shape) => site.apply(shape)));
    const { runs, restarts } = await restartAll(site, { ...options, effectsUrl, flows });
    await settleDown(site);
    const cut = await begunTwice(effectsUrl);
    const { lost, repeated, findings } = await judge(site, effectsUrl);
    return { runs, restarts, lost, repeated, cut: cut.length, findings: [...findings, ...cut] };
  } finally {
    await site.close();
  }
}

async function restartAll(
  site: EngineSite,
  { workers, rounds, runsPerRestart, effectsUrl, flows }: RollingOptions & { effectsUrl: string; flows: string[] },
): Promise<{ runs: number; restarts: number }> {
  const spawn = () => site.spawn({ effectsUrl, concurrency: 10 });
  const alive = await Promise.all(Array.from({ length: workers }, spawn));
  let runs = 0;
  let restarts = 0;
  for (let round = 0; round < rounds; round++) {
    for (const [at, old] of alive.entries()) {
      await Promise.all(
        Array.from({ length: runsPerRestart }, () => site.engine.runs.startRun(site.actor, { slug: flows[runs++ % flows.length] ?? '', parameters: {} })),
      );
      await sleep(80);
      if (round % 2 === 0) await drain(site, old);
      old.kill('SIGTERM');
      await once(old, 'exit');
      restarts++;
      alive[at] = await spawn();
    }
  }
  return { runs, restarts };
}

async function drain({ databases, engine, actor }: EngineSite, { pid }: ChildProcess): Promise<void> {
  const control = new ControlService({ databases, queue: engine.queue });
  const find = async () => (await control.showEngine(actor)).workers.find((worker) => worker.pid === pid);
  let isAsked = false;
  for (let waited = 0; ; waited += 20) {
    const worker = await find();
    if (worker?.state === 'drained') return;
    // One that has just begun is not in the list yet.
    if (worker && !isAsked) await control.drainWorker(actor, worker.id);
    isAsked ||= worker !== undefined;
    if (waited > 60_000) throw new Error('the worker did not drain within 60 s');
    await sleep(20);
  }
}

async function begunTwice(effectsUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: effectsUrl });
  await client.connect();
  const { rows } = await client.query<{ run: string; step: string; times: number }>(
    'select run, step, count(*) as times from effect group by 1, 2 having count(*) > 1',
  );
  await client.end();
  return rows.map(({ run, step, times }) => `${run} ${step} was begun ${times} times`);
}
