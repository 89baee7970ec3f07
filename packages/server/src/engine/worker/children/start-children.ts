// Starts runs below a step. Doing it twice starts them once: each has its own place below the step.
import { durationMs } from '@tidewheel/contract/flow-document';
import { newId } from '../../../base/ids.ts';
import { type Plan, planFlow } from '../../flows/plan.ts';
import { firstJobs } from '../beginning.ts';
import { inTransaction } from '../claim.store.ts';
import { flowGate } from '../gate.store.ts';
import type { NewRun } from '../new-run.store.ts';
import { type Start, startRuns } from '../start-runs.ts';
import type { Look } from './advance-children.ts';
import { mayStartBelow, type ParentRow, readParent } from './children.store.ts';
import { takeOver } from './earlier.store.ts';
import { readItems } from './items.ts';
import { type Repeated, repeatedChildren } from './repeated.ts';

interface Some {
  /** The first item, and how many may begin. */
  from: number;
  count: number;
  /** repeat: what the last one gave. */
  last?: unknown;
  /** Not before. */
  at?: Date | undefined;
}

/** `may`: whether runs may begin now at all; of a paused run it is looked again when it goes on. `taken`: so many are over already. */
export interface Begun {
  may: boolean;
  taken: number;
}

/** So many items are looked at together for what an earlier run has of them: those that are taken over need no place. */
const mostTaken = 1_000;

export async function startChildren(look: Look, some: Some): Promise<Begun> {
  const { live, services } = look;
  const parent = await readParent(services.pool, live.id);
  if (!parent) return { may: false, taken: 0 };
  const items = look.plan.items === null ? [] : await readItems(look.plan.items, look);
  const isRepeating = parent.rerun_of !== null && parent.reuse !== null;
  const until = Math.min(look.plan.total ?? 1, some.from + mostTaken);
  const values = look.plan.spawn === 'each' ? items.slice(some.from, until) : null;
  const plans = new Map<string, Plan>();
  const planWith = (given: string[] | null) => remembered(plans, given?.join() ?? '', () => planOf(look, { parent, given }));
  const repeated = isRepeating && look.plan.spawn !== 'repeat' ? await repeatedChildren({ look, parent, values, planWith }) : new Map<number, Repeated>();
  const starts: Start[] = [];
  let left = some.count;
  for (let item = some.from; item < Math.max(until, some.from + some.count); item++) {
    const before = repeated.get(look.plan.spawn === 'each' ? item - some.from : 0);
    if (!before?.whole && left-- === 0) break;
    starts.push(startOf(look, { parent, planWith, item, locals: localsOf(look, { item, items, some }), at: some.at, before }));
  }
  return inTransaction(services.pool, async (client) => {
    const may = await mayStartBelow(client, { run: live.id, cleansUp: look.planned.phase !== 'main' });
    if (!may) return { may, taken: 0 };
    await startRuns(client, { starts, queue: services.queue });
    const taken = starts.filter(({ isOver }) => isOver).map(({ run }) => run.id);
    await takeOver(client, taken);
    return { may, taken: taken.length };
  });
}

function localsOf({ live, plan }: Look, { item, items, some }: { item: number; items: unknown[]; some: Some }): Record<string, unknown> {
  if (plan.target.kind === 'flow') return {};
  if (plan.spawn === 'each') return { ...live.locals, item: items[item], index: item };
  return plan.spawn === 'repeat' ? { ...live.locals, iteration: item, last: some.last ?? null } : live.locals;
}

function planOf({ plan: { target }, services, live }: Look, { parent, given }: { parent: ParentRow; given: string[] | null }): Plan {
  if (target.kind !== 'part') return planFlow(target.document, services.types, { given });
  return planFlow(parent.document ?? live.plan.whole, services.types, { part: target.part, given });
}

/** The runs below one step are many and alike. */
function remembered(plans: Map<string, Plan>, key: string, make: () => Plan): Plan {
  const plan = plans.get(key) ?? make();
  plans.set(key, plan);
  return plan;
}

interface One {
  parent: ParentRow;
  planWith(given: string[] | null): Plan;
  item: number;
  locals: Record<string, unknown>;
  at?: Date | undefined;
  before: Repeated | undefined;
}

function startOf(look: Look, { parent, planWith, item, locals, at, before }: One): Start {
  const { live, planned, attempt } = look;
  const { target } = look.plan;
  const id = newId();
  const given = before?.rerun?.given ?? [];
  const plan = planWith(given.map(({ step }) => step));
  const run: NewRun = {
    id,
    workspaceId: live.workspaceId,
    flowId: target.kind === 'flow' ? target.flowId : parent.flow_id,
    versionId: target.kind === 'flow' ? target.versionId : parent.version_id,
    parameters: target.kind === 'flow' ? target.parameters : live.parameters,
    startedBy: live.startedBy,
    idempotencyKey: null,
    rerunOf: before?.earlier.id ?? null,
    now: live.now,
    today: live.today,
    deadline: limitOf(look),
    mode: live.mode,
    priority: live.priority,
    cleansUp: plan.cleansUp,
    gate: before?.whole ? null : gateOf(look),
    parent: { run: live.id, step: planned.id, attempt, item },
    rootId: live.rootId,
    depth: live.depth + 1,
    part: target.kind === 'part' ? target.part : null,
    document: target.kind === 'steps' ? target.document : target.kind === 'part' ? parent.document : null,
    locals,
    given,
    reuse: before?.rerun?.reuse ?? [],
  };
  if (before?.whole) return { run, jobs: [], isOver: true };
  return { run, jobs: firstJobs({ plan, workspace: live.workspaceId, run: id, priority: live.priority, given, at }) };
}

/** A flow keeps its time limit, whoever runs it. */
function limitOf({ plan: { target } }: Look): NewRun['deadline'] {
  return target.kind === 'flow' && target.document.timeout ? { withinMs: durationMs(target.document.timeout) } : null;
}

/** A flow whose runs may not overlap is waited for in line, also below others. */
function gateOf({ plan: { target } }: Look): NewRun['gate'] {
  if (target.kind !== 'flow' || !target.document.overlap) return null;
  return { key: flowGate(target.flowId), most: target.document.overlap.most };
}
