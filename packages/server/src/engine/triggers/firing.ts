// From what happened to the run that it starts: the condition, the parameters, and whether the owner of the trigger may still start it.
import { type AppError, Conflict, InvalidInput, NotAllowed, toAppError } from '@tidewheel/contract/errors';
import { triggerLimits } from '@tidewheel/contract/trigger';
import type { FileRef } from '@tidewheel/contract/values';
import type { Actor } from '../../base/actor.ts';
import { dateInZone, systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { storableJson } from '../../base/text.ts';
import { abilityOf } from '../../platform/identity/access.ts';
import { calendarsOf } from '../calendars-of.ts';
import { evaluate, evaluateCondition } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/scope.ts';
import { checkedParameters, overlapOf } from '../runs/run-starter.ts';
import type { AuditedStart } from '../runs/start-batch.ts';
import type { FiringTrigger } from './firing.store.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import type { NewTriggerEvent } from './trigger-events.store.ts';

type JudgingDeps = Pick<TriggerDeps, 'databases' | 'starter'>;

/** Something that happened to a trigger. */
export interface Occurrence {
  key: string;
  title: string;
  event: Record<string, unknown>;
  files: FileRef[];
  depth: number;
  /** It cannot fire, and why. */
  refused?: string | undefined;
  replayOf?: string | null | undefined;
}

export type Judged =
  | { kind: 'starts'; start: AuditedStart; cancelsBefore: boolean; event: NewTriggerEvent }
  | { kind: 'rests'; event: NewTriggerEvent; error: AppError | null };

/** Decides what an occurrence comes to. Nothing is written. @throws only what may be gone at the next try: Unreachable, TimedOut */
export async function judge(deps: JudgingDeps, trigger: FiringTrigger, occurrence: Occurrence): Promise<Judged> {
  try {
    if (occurrence.refused !== undefined) throw new InvalidInput('trigger.refused', occurrence.refused);
    refuseExcess(occurrence);
    const scope = await scopeOf(deps, trigger, occurrence.event);
    if (trigger.condition !== null && !evaluateCondition(trigger.condition, scope))
      return { kind: 'rests', event: eventOf({ trigger, occurrence, state: 'unmet', reason: 'Its condition was false.' }), error: null };
    return await starting({ deps, trigger, occurrence, scope });
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.retryable || error.status >= 500) throw error;
    return { kind: 'rests', event: eventOf({ trigger, occurrence, state: 'refused', reason: error.message }), error };
  }
}

interface Task {
  deps: JudgingDeps;
  trigger: FiringTrigger;
  occurrence: Occurrence;
  scope: Scope;
}

async function starting({ deps, trigger, occurrence, scope }: Task): Promise<Judged> {
  const { starter, databases } = deps;
  const actor = ownerOf(trigger);
  const flow = await starter.find(actor, trigger.flow);
  const given = Object.fromEntries(Object.entries(trigger.parameters).map(([name, expression]) => [name, evaluate(expression, scope)]));
  const { document } = flow;
  const calendars = await calendarsOf(databases.engine, { workspaceId: actor.workspaceId, document, at: scope.now });
  const parameters = checkedParameters({ document, given, now: scope.now, calendars });
  const how = {
    ...flow,
    parameters,
    now: scope.now,
    idempotencyKey: runKeyOf(trigger, occurrence),
    rerunOf: null,
    origin: { kind: 'trigger', id: trigger.id, slug: trigger.slug, instant: scope.now.toISOString() },
  } as const;
  const start = starter.prepare(actor, how);
  const event = { ...eventOf({ trigger, occurrence, state: 'fired', reason: null }), run: start.run.id };
  return { kind: 'starts', start, cancelsBefore: overlapOf(how) === 'cancelPrevious', event };
}

/** Unique for the flow: whoever starts the same twice gets one run. */
export function runKeyOf({ id }: Pick<FiringTrigger, 'id'>, { key }: Pick<Occurrence, 'key'>): string {
  return `trigger ${id} ${key}`;
}

export function eventOf({
  trigger,
  occurrence,
  state,
  reason,
}: { trigger: Pick<FiringTrigger, 'id' | 'workspace_id'>; occurrence: Occurrence } & Pick<NewTriggerEvent, 'state' | 'reason'>): NewTriggerEvent {
  const { key, title, event, files, depth, replayOf } = occurrence;
  const fits = Buffer.byteLength(storableJson(event)) <= triggerLimits.eventBytes;
  return {
    workspaceId: trigger.workspace_id,
    id: newId(),
    trigger: trigger.id,
    key,
    state,
    title,
    reason,
    event: fits ? event : null,
    files,
    run: null,
    depth,
    replayOf: replayOf ?? null,
  };
}

async function scopeOf(
  { databases }: Pick<JudgingDeps, 'databases'>,
  { workspace_id: workspaceId, flow, condition, parameters }: Pick<FiringTrigger, 'workspace_id' | 'flow' | 'condition' | 'parameters'>,
  event: Record<string, unknown>,
): Promise<Scope> {
  const now = systemClock.now();
  const calendars = await calendarsOf(databases.engine, { workspaceId, document: { condition, parameters }, at: now });
  return { parameters: {}, locals: { event }, steps: new Map(), run: { id: '', number: 0, flow }, now, today: dateInZone(now, 'UTC'), calendars };
}

/** The runs of a trigger are its owner's: what he may not start any more, it does not start. @throws NotAllowed */
export function ownerOf({ owner_id, owner_label, workspace_id, access, slug }: FiringTrigger): Actor {
  if (owner_id === null)
    return { userId: null, label: owner_label, workspaceId: workspace_id, role: null, permissions: new Set(['flow.run', 'flow.read', 'run.read']) };
  if (access === null)
    throw new NotAllowed(
      'trigger.owner_gone',
      `The trigger "${slug}" starts runs in the name of ${owner_label}, who is no member of this workspace any more.`,
      {
        hint: 'Whoever may run the flow can save the trigger: then it is his.',
      },
    );
  const ability = abilityOf(access);
  return { userId: owner_id, label: owner_label, workspaceId: workspace_id, role: null, permissions: ability.permissions, ability };
}

function refuseExcess({ event, depth }: Occurrence): void {
  if (depth > triggerLimits.chainDepth)
    throw new Conflict('trigger.chain', `${triggerLimits.chainDepth} runs have started one another by their ends; no further one is started.`, {
      hint: 'Flows wait for one another in a circle: look at the triggers of each, and give one a condition.',
    });
  const bytes = Buffer.byteLength(storableJson(event));
  if (bytes > triggerLimits.eventBytes)
    throw new InvalidInput(
      'trigger.event_too_large',
      `The event takes ${bytes.toLocaleString('en')} bytes; at most ${triggerLimits.eventBytes.toLocaleString('en')} are kept.`,
    );
}
