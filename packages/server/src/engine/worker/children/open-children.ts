// A step that runs others below it begins: what they are is decided once and kept in its wait.
import { InvalidInput } from '@tidewheel/contract/errors';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import type { StepChildren } from '@tidewheel/kit/step-context';
import { newId } from '../../../base/ids.ts';
import { calendarsOf } from '../../calendars-of.ts';
import { resolveParameters } from '../../flows/parameters.ts';
import { partPath } from '../../flows/parts.ts';
import type { PlannedStep } from '../../flows/plan.ts';
import { databaseNow } from '../database-clock.ts';
import type { LiveRun, OpenWait } from '../live-run.ts';
import type { EngineServices } from '../services.ts';
import { findFlow } from './children.store.ts';
import { findItems, keepItems } from './items.ts';

/** Runs below runs, the outermost counted: beyond that something calls itself without end. */
export const deepest = 20;

/** What of which flow each of them runs. */
export type Target =
  | { kind: 'part'; part: string }
  | { kind: 'steps'; document: FlowDocument }
  | { kind: 'flow'; slug: string; flowId: string; versionId: string; document: FlowDocument; parameters: Record<string, unknown>; waits: boolean };

/** The `data` of a wait for children. */
export interface ChildrenPlan {
  spawn: 'each' | 'repeat' | 'once';
  target: Target;
  /** null: not known before the last one. */
  total: number | null;
  items: string | null;
  timesOutAt: string | null;
  /** They are part of cleaning up after their run: whoever cancels it lets them go on. */
  cleansUp: boolean;
}

type Opened = Omit<ChildrenPlan, 'timesOutAt' | 'cleansUp'>;

interface Opening {
  live: LiveRun;
  planned: PlannedStep;
  services: EngineServices;
  signal: AbortSignal;
}

/** For `each` and `repeat`. @throws InvalidInput */
export async function openLoop(opening: Opening): Promise<OpenWait> {
  const { live, planned, services } = opening;
  const target: Target = { kind: 'part', part: partPath(live.part, planned.id) };
  const { each } = planned.step;
  if (!each) return waitFor(opening, { spawn: 'repeat', target, total: null, items: null });
  const items = await findItems({ live, step: planned.id, each, services, signal: opening.signal });
  const kept = items.length === 0 ? null : await keepItems(items, { live, step: planned.id, services });
  return waitFor(opening, { spawn: 'each', target, total: items.length, items: kept });
}

/** For what a step type asked for. @throws InvalidInput, NotFound */
export async function openOnce(opening: Opening, children: StepChildren): Promise<OpenWait> {
  return waitFor(opening, { spawn: 'once', target: await targetOf(opening, children), total: 1, items: null });
}

async function waitFor({ live, planned, services }: Opening, opened: Opened): Promise<OpenWait> {
  if (live.depth + 1 >= deepest) {
    throw new InvalidInput('run.too_deep', `steps.${planned.id}: runs are nested ${deepest} deep already.`, {
      hint: 'A flow that starts itself never ends; pass on a list to `each` instead.',
    });
  }
  const isLimited = planned.timeoutMs !== null && !(opened.spawn === 'each' && !planned.step.steps);
  const until = isLimited ? new Date((await databaseNow(services.pool)).getTime() + (planned.timeoutMs ?? 0)) : null;
  const reason = opened.total === null ? 'it repeats' : opened.total === 1 ? 'the run below it is not over' : `0 of ${opened.total} items are done`;
  const plan: ChildrenPlan = { ...opened, timesOutAt: until?.toISOString() ?? null, cleansUp: planned.phase !== 'main' };
  return { id: newId(), step: planned.id, kind: 'children', name: null, reason, data: { ...plan }, until };
}

async function targetOf({ live, planned, services }: Opening, { flow, steps }: StepChildren): Promise<Target> {
  if (flow) return flowTarget({ live, services, flow, step: planned.id });
  if (!steps) return { kind: 'part', part: partPath(live.part, planned.id) };
  const { flow: slug, title, kind, timeZone, parameters } = live.plan.document;
  const parsed = FlowDocument.safeParse({ flow: slug, title, kind, timeZone, parameters, steps });
  if (parsed.success) return { kind: 'steps', document: parsed.data };
  const [fault] = parsed.error.issues;
  throw new InvalidInput('flow.made_steps', `steps.${planned.id}: what it gave is no flow: ${fault?.path.join('.')}: ${fault?.message}`, {
    hint: 'It must be a map of steps as a flow document has them.',
  });
}

type FlowChild = NonNullable<StepChildren['flow']>;

async function flowTarget({ live, services, flow, step }: { live: LiveRun; services: EngineServices; flow: FlowChild; step: string }): Promise<Target> {
  const found = await findFlow(services.pool, { workspace: live.workspaceId, slug: flow.slug });
  if (!found || found.archived_at) throw new InvalidInput('flow.unknown', `steps.${step}: there is no flow "${flow.slug}" in this workspace.`);
  if (found.off_at)
    throw new InvalidInput('flow.off', `steps.${step}: the flow "${flow.slug}" is switched off.`, { hint: 'Switch it on, and run this again.' });
  const { document, version_id } = found;
  if (!document || !version_id) throw new InvalidInput('flow.unpublished', `steps.${step}: the flow "${flow.slug}" only has a draft.`, { hint: 'Publish it.' });
  const { parameters, timeZone } = document;
  const calendars = await calendarsOf(services.databases.engine, { workspaceId: live.workspaceId, document, at: live.now });
  const { values, faults } = resolveParameters({ parameters, given: flow.parameters, now: live.now, timeZone, calendars });
  if (faults.length > 0) {
    const told = faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ');
    throw new InvalidInput('run.parameters', `steps.${step}: the parameters do not fit the flow "${flow.slug}": ${told}`, { details: { faults } });
  }
  return { kind: 'flow', slug: flow.slug, flowId: found.flow_id, versionId: version_id, document, parameters: values, waits: flow.waits };
}
