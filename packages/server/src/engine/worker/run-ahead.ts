// Steps that are declared pure may begin before what came before them is recorded: along one line several of them are run one after another and recorded by one
// commit, as those of a table job are. What is lost before that runs again, and nobody can tell.
import type { Plan, Unit } from '../flows/plan.ts';
import { isLine } from './decide.ts';
import type { Lease, StepEnd, UnitEnd } from './live-run.ts';

/** Results are seen, and safe, when they are recorded: nothing goes further ahead than this. */
const mostAhead = 50;
const longestMs = 20;

export interface GoingAhead {
  lease: Lease;
  /** The one that the lease is at, and how it came out. */
  unit: Unit;
  end: UnitEnd;
  /** Runs one of its successors; null when it came out in a way that wants a turn of its own. */
  run(unit: Unit): Promise<StepEnd | null>;
}

/** Runs what may follow at once. @returns the end of all of them; the facts of their run know their results already */
export async function runAhead({ lease, unit, end, run }: GoingAhead): Promise<UnitEnd> {
  if (!mayLead({ lease, unit, end })) return end;
  const { live } = lease;
  const until = performance.now() + longestMs;
  const [steps, ahead] = [[...end.steps], [] as string[]];
  for (let next = pureAfter(live.plan, unit); next !== null && ahead.length < mostAhead && performance.now() < until; next = pureAfter(live.plan, next)) {
    for (const { step, state, output } of steps.slice(-1)) live.facts.set(step, { state, output });
    const came = await run(next);
    if (came === null) break;
    steps.push(came);
    ahead.push(next.id);
  }
  return ahead.length === 0 ? end : { ...end, steps, ahead };
}

/** What was tried before, or lost with its worker, is recorded step by step. */
function mayLead({ lease, unit, end }: Pick<GoingAhead, 'lease' | 'unit' | 'end'>): boolean {
  if (lease.isCareful || lease.attempt !== 1 || !isLine(lease.live.plan) || !isPure(unit)) return false;
  return end.retry === null && !end.wait && !end.goesOn && end.steps.length === 1 && end.steps[0]?.state === 'succeeded';
}

/** Of a line: its next unit, if that may run ahead. */
function pureAfter(plan: Plan, unit: Unit): Unit | null {
  const next = plan.units.get(unit.successors[0] ?? '');
  return next && isPure(next) && next.tag === unit.tag ? next : null;
}

function isPure({ pure, limits, waits, steps }: Unit): boolean {
  return pure && limits.length === 0 && !waits && steps.length === 1;
}
