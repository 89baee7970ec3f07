// The ends of runs that triggers wait for: written with the end itself, taken away in the transaction of what they start.

import { inTransaction } from '../worker/claim.store.ts';
import * as store from './ended-runs.store.ts';
import { type FiringTrigger, findFiring } from './firing.store.ts';
import { judge, ownerOf } from './firing.ts';
import { keepFirings } from './keep-firings.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { depthOf } from './trigger-events.store.ts';

const mostTogether = 100;

/** One that cannot be seen to holds up no other. @returns how many it saw to. @throws what went wrong with the first of those that stay */
export async function fireForEnded(deps: TriggerDeps): Promise<number> {
  const pool = deps.databases.enginePool;
  const ended = await store.findEnded(pool, mostTogether);
  if (ended.length === 0) return 0;
  const triggers = new Map((await findFiring(pool, [...new Set(ended.map((one) => one.trigger_id))])).map((one) => [one.id, one]));
  const failures: unknown[] = [];
  for (const one of ended) await fire(deps, { one, trigger: triggers.get(one.trigger_id) }).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return ended.length;
}

async function fire(deps: TriggerDeps, { one, trigger }: { one: store.EndedRun; trigger: FiringTrigger | undefined }): Promise<void> {
  const pool = deps.databases.enginePool;
  const isActive = trigger !== undefined && trigger.paused_at === null && trigger.archived_at === null;
  const judged = isActive ? [await judge(deps, trigger, { ...occurrenceOf(one), depth: (await depthOf(pool, one.run_id)) + 1 })] : [];
  const cancelling = await inTransaction(pool, async (client) => {
    // Another scheduler may have been faster.
    if (!(await store.takeEnded(client, one))) return [];
    return keepFirings(client, { judged, queue: deps.queue });
  });
  for (const { run } of cancelling) if (trigger) await deps.starter.cancelBefore(ownerOf(trigger), run);
}

export function occurrenceOf({ run_id, number, flow, state, parameters, output, error, started_by, finished_at }: store.RunFacts) {
  const run = {
    id: run_id,
    number,
    flow,
    state,
    parameters,
    output,
    error: error && { code: error.code, message: error.message },
    startedBy: started_by,
    finishedAt: finished_at.toISOString(),
  };
  return { key: `run ${run_id}`, title: `Run ${number} of ${flow} ${state === 'cancelled' ? 'was cancelled' : state}`, event: { run }, files: [] };
}
