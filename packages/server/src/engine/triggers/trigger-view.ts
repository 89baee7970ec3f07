// Rows as the contract shows them, cut by what the reader may see.
import type { Attributes } from '@tidewheel/contract/ability';
import type { Trigger, TriggerEvent, TriggerHealth } from '@tidewheel/contract/trigger';
import { type Actor, may } from '../../base/actor.ts';
import { maskedStarter } from '../../base/masked-run.ts';
import type { EventRow } from './trigger-events.store.ts';
import type { TriggerRow } from './triggers.store.ts';

/** What rules say of a trigger is what they say of its flow. */
export function triggerObject({ flow, folder, flow_kind }: Pick<TriggerRow, 'flow' | 'folder' | 'flow_kind'>): Attributes {
  return { flow, folder, kind: flow_kind };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

export function viewTrigger(actor: Actor, { row, origin }: { row: TriggerRow; origin: string }): Trigger {
  const object = { ...triggerObject(row), startedBy: row.owner_label };
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    kind: row.kind,
    flow: row.flow,
    flowTitle: row.flow_title,
    folder: row.folder,
    config: row.config,
    parameters: row.parameters,
    condition: row.condition,
    owner: maskedStarter(actor, { startedBy: row.owner_label, object }),
    health: healthOf(row),
    failing: row.failing_since && row.last_error ? { since: row.failing_since.toISOString(), times: row.failures, error: row.last_error } : null,
    note: row.note,
    paused: row.paused_at ? { at: row.paused_at.toISOString(), by: row.paused_by ?? '' } : null,
    lastLookAt: iso(row.last_look_at),
    nextLookAt: row.paused_at || row.archived_at ? null : iso(row.next_look_at),
    lastFiredAt: iso(row.last_fired_at),
    url: row.kind === 'webhook' ? hookAddress(origin, row.id) : null,
    secret: row.secret_set_at ? { setAt: row.secret_set_at.toISOString(), previousUntil: stillCounting(row.secret_previous_until) } : null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: iso(row.archived_at),
  };
}

export function hookAddress(origin: string, id: string): string {
  return `${origin}/api/hooks/${id}`;
}

function stillCounting(until: Date | null): string | null {
  return until && until > new Date() ? until.toISOString() : null;
}

function healthOf({ paused_at, archived_at, failing_since, kind }: TriggerRow): TriggerHealth {
  if (paused_at || archived_at) return 'paused';
  if (failing_since) return 'failing';
  return kind === 'webhook' || kind === 'flow' ? 'idle' : 'healthy';
}

/**
 * An event may quote what runs of the flow handle, and that of an end what the run did that ended: who may not see all of that sees none of it.
 * `told`: of the run that ended, where it tells of one.
 */
export function viewEvent(actor: Actor, { row, object, told }: { row: EventRow; object: Attributes; told: Attributes | null }): TriggerEvent {
  const hides = keepsSome(actor, { object, heads: ['columns', 'parameters'] }) || (told !== null && !seesAll(actor, told));
  return {
    id: row.id,
    at: row.at.toISOString(),
    state: row.state,
    title: hides ? row.state : row.title,
    reason: hides && row.reason !== null ? 'A role hides why.' : row.reason,
    times: row.times,
    lastAt: row.last_at.toISOString(),
    run: row.run_id && row.run_number !== null ? { id: row.run_id, number: row.run_number } : null,
    event: hides ? null : row.event,
    replayOf: row.replay_of,
  };
}

function seesAll(actor: Actor, run: Attributes): boolean {
  return may(actor, 'run.read', run) && !keepsSome(actor, { object: run, heads: ['columns', 'parameters', 'startedBy'] });
}

function keepsSome({ ability }: Actor, { object, heads }: { object: Attributes; heads: readonly string[] }): boolean {
  return heads.some((head) => ability?.keepsSome({ type: 'run', permission: 'run.read', object, head }) ?? false);
}
