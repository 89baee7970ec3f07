// Starts runs below a step. Doing it twice starts them once: each has its own place below the step.
import { newId } from '../../../base/ids.ts';
import { type Plan, planFlow } from '../../flows/plan.ts';
import { firstJobs } from '../beginning.ts';
import { inTransaction } from '../claim.store.ts';
import type { NewRun } from '../new-run.store.ts';
import { type Start, startRuns } from '../start-runs.ts';
import type { Look } from './advance-children.ts';
import { mayStartBelow, type ParentRow, readParent } from './children.store.ts';
import { readItems } from './items.ts';

interface Some {
  /** The first item, and how many. */
  from: number;
  count: number;
  /** repeat: what the last one gave. */
  last?: unknown;
  /** Not before. */
  at?: Date | undefined;
}

export async function startChildren(look: Look, some: Some): Promise<void> {
  const { live, services } = look;
  const parent = await readParent(services.pool, live.id);
  if (!parent) return;
  const items = look.plan.items === null ? [] : await readItems(look.plan.items, look);
  const plan = planOf(look, parent);
  const starts: Start[] = [];
  for (let item = some.from; item < some.from + some.count; item++)
    starts.push(startOf(look, { parent, plan, item, locals: localsOf(look, { item, items, some }), at: some.at }));
  await inTransaction(services.pool, async (client) => {
    if (await mayStartBelow(client, live.id)) await startRuns(client, { starts, queue: services.queue });
  });
}

function localsOf({ live, plan }: Look, { item, items, some }: { item: number; items: unknown[]; some: Some }): Record<string, unknown> {
  if (plan.target.kind === 'flow') return {};
  if (plan.spawn === 'each') return { ...live.locals, item: items[item], index: item };
  return plan.spawn === 'repeat' ? { ...live.locals, iteration: item, last: some.last ?? null } : live.locals;
}

function planOf({ plan: { target }, services, live }: Look, parent: ParentRow): Plan {
  if (target.kind !== 'part') return planFlow(target.document, services.types);
  return planFlow(parent.document ?? live.plan.whole, services.types, { part: target.part });
}

interface One {
  parent: ParentRow;
  plan: Plan;
  item: number;
  locals: Record<string, unknown>;
  at?: Date | undefined;
}

function startOf(look: Look, { parent, plan, item, locals, at }: One): Start {
  const { live, planned, attempt } = look;
  const { target } = look.plan;
  const id = newId();
  const run: NewRun = {
    id,
    workspaceId: live.workspaceId,
    flowId: target.kind === 'flow' ? target.flowId : parent.flow_id,
    versionId: target.kind === 'flow' ? target.versionId : parent.version_id,
    parameters: target.kind === 'flow' ? target.parameters : live.parameters,
    startedBy: live.startedBy,
    idempotencyKey: null,
    rerunOf: null,
    now: live.now,
    today: live.today,
    deadline: null,
    mode: live.mode,
    priority: live.priority,
    cleansUp: plan.cleansUp,
    gate: gateOf(look),
    parent: { run: live.id, step: planned.id, attempt, item },
    rootId: live.rootId,
    depth: live.depth + 1,
    part: target.kind === 'part' ? target.part : null,
    document: target.kind === 'steps' ? target.document : target.kind === 'part' ? parent.document : null,
    locals,
  };
  return { run, jobs: firstJobs({ plan, workspace: live.workspaceId, run: id, priority: live.priority, at }) };
}

/** A flow whose runs may not overlap is waited for in line, also below others. */
function gateOf({ plan: { target } }: Look): NewRun['gate'] {
  if (target.kind !== 'flow' || !target.document.overlap) return null;
  return { key: `flow ${target.flowId}`, most: target.document.overlap.most };
}
