// Runs the same version again: whole, or from somewhere with the results before it taken over.

import { isDeepStrictEqual } from 'node:util';
import { Conflict, InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { Rerun, RerunChoice, RerunPreview } from '@tidewheel/contract/routes/run-operations';
import { finalRunStates, type RunState, type RunSummary } from '@tidewheel/contract/run';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { systemClock } from '../../base/clock.ts';
import { maskedParameters } from '../../base/masked-run.ts';
import { requireRead } from '../../base/object-access.ts';
import { inWorkspace } from '../../storage/database.ts';
import { calendarsOf } from '../calendars-of.ts';
import { parametersSchema } from '../flows/parameters.ts';
import { flowObject, runObject } from '../runs/run-object.ts';
import { checkedParameters } from '../runs/run-starter.ts';
import { requireStartable, type Startable, startable } from '../runs/startable.ts';
import { unknownRun } from '../runs/unknown-run.ts';
import { planRerun, type Repeating, type RerunPlan } from '../worker/rerun-plan.ts';
import { deadlineOf } from './deadline.ts';
import type { OperationsDependencies } from './operations-deps.ts';
import * as store from './rerun.store.ts';

/** @throws NotFound, NotAllowed, InvalidInput `rerun.step_unknown`, `run.parameters`, Conflict `run.below`, `run.going`, `rerun.nothing_failed` and what keeps a flow from starting */
export async function rerun(deps: OperationsDependencies, actor: Actor, { id, ...asked }: Rerun & { id: string }): Promise<RunSummary> {
  requirePermission(actor, 'flow.run');
  const { found, start, plan, parameters, now } = await look(deps, actor, { id, asked });
  const takes = plan.given.length > 0;
  return deps.starter.start(actor, {
    ...start,
    parameters,
    now,
    // A key that starts a run must not answer with a repetition, nor with that of another run.
    idempotencyKey: asked.idempotencyKey === undefined ? null : `rerun ${id}: ${asked.idempotencyKey}`,
    rerunOf: id,
    mode: asked.mode ?? found.mode,
    priority: asked.priority ?? found.priority,
    deadline: asked.deadline === undefined ? undefined : await deadlineOf(asked.deadline, deps.databases.enginePool),
    given: plan.given,
    reuse: plan.reuse,
    frozen: takes || plan.reuse.length > 0 ? { now: found.frozen_now, today: found.frozen_today } : undefined,
  });
}

/** What `rerun` would do with the same. */
export async function previewRerun(deps: OperationsDependencies, actor: Actor, { id, ...asked }: RerunChoice & { id: string }): Promise<RerunPreview> {
  requirePermission(actor, 'flow.run');
  const { found, start, plan, parameters } = await look(deps, actor, { id, asked });
  const takes = plan.given.length > 0 || plan.reuse.length > 0;
  const { steps } = deps.starter.planOf({ ...start, given: [] });
  const effects = [...plan.again.keys()].filter((step) => {
    const type = steps.get(step)?.type;
    return type?.where === 'inline' && type.effects === true;
  });
  const shown = maskedParameters(actor, { parameters, object: runObject(found) });
  return {
    again: [...plan.again].map(([step, why]) => ({ step, why })),
    taken: plan.given.map(({ step, from }) => ({ step, from })),
    itemsTaken: plan.reuse,
    frozen: takes ? { now: found.frozen_now.toISOString(), today: found.frozen_today } : null,
    effects: (asked.mode ?? found.mode) === 'dry' ? [] : effects,
    parameters: shown,
    parametersSchema: parametersSchema(start.document.parameters),
  };
}

type Found = NonNullable<Awaited<ReturnType<typeof store.findEarlierRun>>>;

interface Looked {
  found: Found;
  start: Omit<Startable, 'parameters'>;
  plan: RerunPlan;
  parameters: Record<string, unknown>;
  now: Date;
}

async function look(deps: OperationsDependencies, actor: Actor, { id, asked }: { id: string; asked: RerunChoice }): Promise<Looked> {
  const { found, steps } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => ({
    found: await store.findEarlierRun(trx, id),
    steps: await store.findEarlierSteps(trx, id),
  }));
  if (!found) throw unknownRun(id);
  requireRead(actor, { read: 'run.read', object: runObject(found), unknown: () => unknownRun(id) });
  requirePermission(actor, 'flow.run', flowObject(found));
  requireStartable(found);
  refuseBelow(found);
  const now = systemClock.now();
  const { document } = found;
  const calendars = await calendarsOf(deps.databases.engine, { workspaceId: actor.workspaceId, document, at: now });
  const parameters = checkedParameters({ document, given: { ...found.parameters, ...asked.parameters }, now, calendars });
  const start = startable(found);
  const from = fromOf(asked.from, found);
  if (from !== null) refuseGoing(found);
  const mode = asked.mode ?? found.mode;
  const earlier = { id, number: found.number, mode: found.mode, plan: deps.starter.planOf({ ...start, given: found.given ?? [] }), steps };
  const plan = planRerun({ earlier, from, changed: changedNames(found.parameters, parameters), mode });
  if (from === 'failed' && plan.again.size === 0 && found.state === 'succeeded') throw nothingFailed(found);
  return { found, start, plan, parameters, now };
}

function fromOf(from: RerunChoice['from'], { document }: Found): Repeating['from'] {
  if (from === undefined) return null;
  if (Object.hasOwn(document.steps, from)) return { step: from };
  if (from === 'failed') return 'failed';
  throw unknownStep(document, from);
}

function unknownStep(document: FlowDocument, name: string): InvalidInput {
  const [outer] = [...allSteps(document.steps)].find(({ id }) => id === name)?.inside ?? [];
  return new InvalidInput('rerun.step_unknown', outer ? `The step ${name} is inside of ${outer}.` : `The flow ${document.flow} has no step ${name}.`, {
    hint: outer
      ? `Run again from ${outer}: what succeeded inside of it is taken over if it failed.`
      : `Its steps are ${Object.keys(document.steps).slice(0, 20).join(', ')}.`,
  });
}

function refuseBelow({ parent_id, root_id, number }: Found): void {
  if (parent_id === null) return;
  throw new Conflict('run.below', `Run ${number} works for a step of another run.`, {
    hint: 'Run that one again from its failed step: what succeeded below it is taken over.',
    details: { parent: parent_id, root: root_id },
  });
}

function refuseGoing({ state, number }: { state: RunState; number: number }): void {
  if (finalRunStates.includes(state)) return;
  throw new Conflict('run.going', `Run ${number} is not over: its results may still come.`, { hint: 'Wait until it has ended, or cancel it.' });
}

function nothingFailed({ number }: Found): Conflict {
  return new Conflict('rerun.nothing_failed', `Run ${number} succeeded: there is no failed step to begin from.`, { hint: 'Run it whole, or from a step.' });
}

function changedNames(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name] ?? null, after[name] ?? null));
}
