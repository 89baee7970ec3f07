// Pure: the jobs with which a run begins.
import type { Plan } from '../flows/plan.ts';
import { type Standings, settle } from './decide.ts';
import type { NewJob } from './job-queue.ts';
import type { GivenStep } from './new-run.store.ts';
import { jobPriority } from './priority.ts';
import { settleUnit } from './run-commit.ts';

export interface Beginning {
  plan: Plan;
  workspace: string;
  run: string;
  priority?: number | undefined;
  given?: readonly GivenStep[] | undefined;
  /** Not before. */
  at?: Date | undefined;
}

export function firstJobs({ plan, workspace, run, priority = 0, given = [], at }: Beginning): NewJob[] {
  return firstUnits(plan, given).map((unit) => {
    const planned = plan.units.get(unit);
    return { workspace, run, unit, attempt: 1, tag: planned?.tag ?? 'default', priority: jobPriority({ unit: planned?.priority ?? 0, run: priority }), at };
  });
}

/** Where nothing is left to run, or only what a worker finds out, one look at all of it. */
function firstUnits(plan: Plan, given: readonly GivenStep[]): string[] {
  if (given.length === 0) return plan.roots.length > 0 ? plan.roots : [settleUnit];
  const states: Standings = new Map(given.map(({ step, state, output }) => [step, { state, branches: output?.branches }]));
  const { ready, skipped } = settle({ plan, states, ended: null });
  return ready.length > 0 && skipped.length === 0 ? ready : [settleUnit];
}
