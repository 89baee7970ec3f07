// A run as a worker begins to see it.
import { finalRunStates } from '@tidewheel/contract/run';
import { calendarsOf } from '../calendars-of.ts';
import type { Plan } from '../flows/plan.ts';
import { readOuterFacts } from './children/children.store.ts';
import type { ClaimedRun } from './claim.store.ts';
import type { Runner } from './job-queue.ts';
import { type LiveRun, RunCancelled, type StepFact } from './live-run.ts';
import type { EngineServices } from './services.ts';

export async function liveRunOf(run: ClaimedRun, { plan, services }: { plan: Plan; services: EngineServices }): Promise<LiveRun> {
  const live: LiveRun = {
    id: run.id,
    workspaceId: run.workspace_id,
    number: run.number,
    flow: run.flow,
    startedBy: run.started_by,
    plan,
    parameters: run.parameters,
    now: run.frozen_now,
    today: run.frozen_today,
    calendars: await calendarsOf(services.databases.engine, { workspaceId: run.workspace_id, document: plan.document, at: run.frozen_now }),
    locals: run.locals ?? {},
    mode: run.mode,
    priority: run.priority,
    parent: parentOf(run),
    part: run.part,
    isMade: run.has_document && run.part === null,
    depth: run.depth,
    rootId: run.root_id ?? run.id,
    callback: services.callbackAddress(run.id),
    facts: await outerFacts(run, services),
    cancel: new AbortController(),
    force: new AbortController(),
    held: 0,
  };
  stopIfAsked(live, run);
  return live;
}

/** Nothing of a run that is over is run any more, whatever job is left of it. */
export function stopIfAsked(live: LiveRun, { state, cancel_forced }: Pick<ClaimedRun, 'state' | 'cancel_forced'>): void {
  const isOver = finalRunStates.includes(state);
  if (isOver || state === 'cancelling') live.cancel.abort(new RunCancelled());
  if (isOver || cancel_forced) live.force.abort(new RunCancelled());
}

/** The same where the news of a cancellation may not have come yet, and something is about to be done that must not follow it. */
export async function stopIfCancelled(runner: Pick<Runner, 'query'>, live: LiveRun): Promise<void> {
  const { rows } = await runner.query<Pick<ClaimedRun, 'state' | 'cancel_forced'>>('select state, cancel_forced from run where id = $1 for share', [live.id]);
  if (rows[0]) stopIfAsked(live, rows[0]);
}

function parentOf({ parent_id, parent_step, parent_attempt, item }: ClaimedRun): LiveRun['parent'] {
  if (parent_id === null || parent_step === null) return null;
  return { run: parent_id, step: parent_step, attempt: parent_attempt ?? 1, item: item ?? 0 };
}

/** Steps inside others see the results of those around them. */
async function outerFacts(run: ClaimedRun, { pool }: EngineServices): Promise<Map<string, StepFact>> {
  if (run.parent_id === null || (run.part === null && !run.has_document)) return new Map();
  const rows = await readOuterFacts(pool, run.id);
  return new Map(rows.map((row) => [row.step_id, { state: row.state, output: row.output } as StepFact]));
}
