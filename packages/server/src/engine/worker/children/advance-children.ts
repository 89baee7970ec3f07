// A look at the runs below a step: starts those whose turn it is, and ends the step when all of them are over.
import { type AppError, Bug, Conflict, TimedOut } from '@tidewheel/contract/errors';
import { durationMs } from '@tidewheel/contract/flow-document';
import { valueLimitBytes } from '@tidewheel/contract/values';
import { evaluateCondition } from '../../expressions/evaluate.ts';
import type { PlannedStep } from '../../flows/plan.ts';
import { stopIfCancelled } from '../adoption.ts';
import { cancelBelow } from '../cancel.ts';
import { type LiveRun, scopeOf } from '../live-run.ts';
import type { EngineServices } from '../services.ts';
import { type ChildEnd, type Counts, childOutputs, countChildren, failedChildren, lastChild, type ParentRef } from './children.store.ts';
import type { ChildrenPlan } from './open-children.ts';
import { startChildren } from './start-children.ts';
import { itemsToBegin } from './waves.ts';

export interface Look {
  live: LiveRun;
  planned: PlannedStep;
  attempt: number;
  plan: ChildrenPlan;
  services: EngineServices;
  signal: AbortSignal;
}

/** `over`: the value of the step. Else why it still waits, and how far it is. */
export type Looked = { over: true; value: unknown } | { over: false; waiting: string; done: number };

/** The turn has let go of the call for it: whatever ends after that calls for another one. @throws AppError when the runs below it mean that the step failed */
export async function advanceChildren(look: Look): Promise<Looked> {
  const { live, planned, services, plan } = look;
  const parent: ParentRef = { run: live.id, step: planned.id, attempt: look.attempt };
  const counts = await countChildren(services.pool, parent);
  // With their own run perhaps: that is no failure of the step, and nothing that follows a failure may begin.
  if (counts.cancelled > 0) await stopIfCancelled(services.pool, live);
  look.signal.throwIfAborted();
  if (isTimedOut(plan, counts.now)) return endTimedOut(look, counts);
  if (plan.spawn === 'repeat') return repeat(look, { counts, parent });
  const next = itemsToBegin(planned.step.each, { total: plan.total ?? 1, counts });
  const begun = next > 0 ? await startChildren(look, { from: counts.started, count: next }) : null;
  if (begun?.may === false) return progress(plan, counts);
  if (begun && begun.taken > 0) return advanceChildren(look);
  if (next > 0 && !(plan.target.kind === 'flow' && !plan.target.waits)) return progress(plan, { ...counts, live: counts.live + next });
  if (counts.live > 0 && !(plan.target.kind === 'flow' && !plan.target.waits)) return progress(plan, counts);
  return { over: true, value: await valueOfAll(look, { counts, parent }) };
}

function progress({ total }: ChildrenPlan, { succeeded, failed, live }: Counts): Looked {
  const done = succeeded + failed;
  const waiting = total === 1 ? 'the run below it is not over' : `${done} of ${total} items are done, ${live} are on their way`;
  return { over: false, waiting, done };
}

async function repeat(look: Look, { counts, parent }: { counts: Counts; parent: ParentRef }): Promise<Looked> {
  const { live, planned, services } = look;
  const rule = planned.step.repeat;
  if (!rule) throw new Bug('plan.repeat', `steps.${planned.id} does not repeat`);
  if (counts.live > 0) return { over: false, waiting: `it runs for the ${ordinal(counts.started)} time`, done: counts.succeeded };
  const last = counts.started === 0 ? null : await lastChild(services.pool, parent);
  if (last && last.state !== 'succeeded') throw childFailed([last], { total: counts.started, begun: counts.started, failed: 1, step: planned.id });
  const value = last ? resultOf(last.output) : null;
  const scope = { ...scopeOf(live), locals: { ...live.locals, last: value, iteration: counts.started - 1 } };
  if (last && evaluateCondition(rule.until, scope)) return { over: true, value: { times: counts.started, last: value } };
  if (counts.started >= rule.most) {
    throw new Conflict('repeat.endless', `steps.${planned.id}: "${rule.until.slice(0, 200)}" was still false after ${rule.most} times.`, {
      hint: 'Raise `most`, or look at what the last run below it gave.',
    });
  }
  const at = last && durationMs(rule.delay) > 0 ? new Date(Date.now() + durationMs(rule.delay)) : undefined;
  await startChildren(look, { from: counts.started, count: 1, last: value, at });
  const when = at ? `, at ${at.toISOString()}` : '';
  return { over: false, waiting: `it runs for the ${ordinal(counts.started + 1)} time${when}`, done: counts.succeeded };
}

function isTimedOut({ timesOutAt }: ChildrenPlan, now: Date): boolean {
  return timesOutAt !== null && Date.parse(timesOutAt) <= now.getTime();
}

async function endTimedOut({ live, planned, services }: Look, counts: Counts): Promise<Looked> {
  if (counts.live === 0)
    throw new TimedOut('step.timeout', `it took longer than its limit of ${(planned.timeoutMs ?? 0) / 1_000} s`, {
      hint: 'Raise `timeout` on the step, or make it do less.',
    });
  await cancelBelow(services.pool, { queue: services.queue, run: live.id, step: planned.id, by: `the time limit of ${planned.id}` });
  return { over: false, waiting: 'its time is over; the runs below it are being cancelled', done: counts.succeeded };
}

async function valueOfAll({ live, planned, plan, services }: Look, { counts, parent }: { counts: Counts; parent: ParentRef }): Promise<unknown> {
  const { target } = plan;
  if (target.kind === 'flow' && !target.waits) {
    const started = await lastChild(services.pool, parent);
    return { run: started?.id ?? null, number: started?.number ?? null };
  }
  const allowed = planned.step.each?.mayFail ?? 0;
  if (counts.failed > allowed) {
    const failures = await failedChildren(services.pool, parent);
    throw childFailed(failures, { total: plan.total ?? counts.started, begun: counts.started, failed: counts.failed, step: planned.id });
  }
  if (plan.spawn === 'once') {
    const only = await lastChild(services.pool, parent);
    return target.kind === 'flow' ? (only?.output ?? {}) : resultOf(only?.output ?? null);
  }
  const outputs = await childOutputs(services.pool, { parent, limit: valueLimitBytes - 2_000 });
  return { total: plan.total, succeeded: counts.succeeded, failed: counts.failed, results: outputs?.map(resultOf) ?? null, run: live.id };
}

/** What a run of steps gave: that of its last step, or by name when there are several. */
function resultOf(output: Record<string, unknown> | null): unknown {
  const values = Object.values(output ?? {});
  return values.length === 1 ? values[0] : output;
}

interface Failed {
  total: number;
  /** The rest of them never was: a wave or the first failure was in the way. */
  begun: number;
  failed: number;
  step: string;
}

function childFailed(failures: ChildEnd[], { total, begun, failed, step }: Failed): AppError {
  const [first] = failures;
  const rest = begun < total ? `, ${total - begun} were not begun` : '';
  // People count from 1, as the pages of runs do; `index` and the API count from 0.
  const told = failures.map(
    ({ item, number, state, error }) => `item ${item + 1} (run ${number}) ${error ? `${error.code}: ${error.message}` : `was ${state}`}`,
  );
  const message =
    total === 1
      ? `the run below it, number ${first?.number}, ${first?.error ? `failed: ${first.error.message}` : `was ${first?.state}`}`
      : `${failed} of ${total} items failed${rest}: ${told.join('; ')}`;
  return new Conflict(first?.error && total === 1 ? first.error.code : 'children.failed', `steps.${step}: ${message}`, {
    hint: 'Look at the runs below this step; a re-run from this step takes what succeeded as it is.',
    details: { runs: failures.map(({ id }) => id) },
  });
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
