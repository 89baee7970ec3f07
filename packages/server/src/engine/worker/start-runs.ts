// Puts new runs into the world, within a transaction: their rows, and the jobs with which they begin, or their place before a gate.
import { gateKey, lockGates } from './gate.store.ts';
import type { JobQueue, NewJob, Runner } from './job-queue.ts';
import { insertRuns, type NewRun } from './new-run.store.ts';
import { park } from './park.store.ts';

export interface Start {
  run: NewRun;
  jobs: NewJob[];
  /** The run does not begin, and is not kept, when others are in front of it. */
  skipsWhenHeld?: boolean | undefined;
  /** It never runs: whoever starts it ends it in the same transaction. */
  isOver?: boolean | undefined;
}

/** `existing`: its idempotency key is taken. `skipped`: others are in front of it. */
export type Started = { id: string; number: number; held: boolean } | 'existing' | 'skipped';

export async function startRuns(runner: Runner, { starts, queue }: { starts: Start[]; queue: JobQueue }): Promise<Started[]> {
  const room = await lockGates(runner, gatesOf(starts));
  const held = new Set<Start>();
  const skipped = new Set<Start>();
  for (const start of starts) {
    const { gate } = start.run;
    if (!gate) continue;
    const key = gateKey({ workspace: start.run.workspaceId, gate: gate.key });
    const through = room.get(key) ?? 0;
    if (through < gate.most) room.set(key, through + 1);
    else (start.skipsWhenHeld ? skipped : held).add(start);
  }
  // Who asks again for one that is there gets that one, whatever is in front of it by now.
  for (const start of await startedBefore(runner, [...skipped])) skipped.delete(start);
  const kept = starts.filter((start) => !skipped.has(start));
  const numbers = await insertRuns(
    runner,
    kept.map((start) => ({ ...start.run, isHeld: held.has(start) })),
  );
  const fresh = kept.filter((start) => numbers.has(start.run.id));
  const jobs = (which: boolean) => fresh.filter((start) => held.has(start) === which).flatMap((start) => start.jobs);
  await queue.enqueue(runner, jobs(false));
  await park(runner, { jobs: jobs(true), why: 'held' });
  return starts.map((start) => {
    if (skipped.has(start)) return 'skipped';
    const number = numbers.get(start.run.id);
    return number === undefined ? 'existing' : { id: start.run.id, number, held: held.has(start) };
  });
}

async function startedBefore(runner: Runner, starts: Start[]): Promise<Start[]> {
  const asked = starts.filter(({ run }) => run.idempotencyKey !== null);
  if (asked.length === 0) return [];
  const { rows } = await runner.query<{ flow: string; key: string }>(
    'select flow_id as flow, idempotency_key as key from run where (workspace_id, flow_id, idempotency_key) in (select * from unnest($1::uuid[], $2::uuid[], $3::text[]))',
    [asked.map(({ run }) => run.workspaceId), asked.map(({ run }) => run.flowId), asked.map(({ run }) => run.idempotencyKey)],
  );
  return asked.filter(({ run }) => rows.some(({ flow, key }) => flow === run.flowId && key === run.idempotencyKey));
}

function gatesOf(starts: Start[]): { workspace: string; gate: string }[] {
  return starts.flatMap(({ run }) => (run.gate ? [{ workspace: run.workspaceId, gate: run.gate.key }] : []));
}
