// The turns of a trigger between active, paused and archived, of one by itself or of many, in the transaction of whoever asks.
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import type { TriggerAction } from '@tidewheel/contract/routes/triggers';
import type { RunState } from '@tidewheel/contract/run';
import { type Actor, may } from '../../base/actor.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { refused } from './trigger-input.ts';
import * as store from './triggers.store.ts';

type Row = store.TriggerRow;
type Verb = TriggerAction['do'];

export interface Turning {
  deps: Pick<TriggerDeps, 'kinds' | 'vault'>;
  trx: WorkspaceTransaction;
  actor: Actor;
}

interface Turn {
  action: AuditAction;
  write(turning: Turning, row: Row): Promise<void>;
}

const turns: Record<Verb, Turn> = {
  resume: {
    action: 'trigger.resumed',
    write: async ({ deps, trx, actor }, row) => {
      await watch(trx, actor, row);
      const next = looks(deps, row.kind) ? new Date() : null;
      await store.changeTrigger(trx, row.id, { paused_at: null, paused_by: null, next_look_at: next, failing_since: null, failures: 0, last_error: null });
    },
  },
  pause: {
    action: 'trigger.paused',
    write: async ({ trx, actor }, row) => {
      await store.changeTrigger(trx, row.id, { paused_at: new Date(), paused_by: actor.label, lease_token: null, lease_until: null });
      await store.unwatch(trx, row.id);
    },
  },
  /** It starts nothing any more and its secret is forgotten; its history stays. */
  archive: {
    action: 'trigger.archived',
    write: async ({ deps, trx, actor: { workspaceId } }, row) => {
      const gone = { credential_id: null, secret_set_at: null, secret_previous_until: null, secret_version: row.secret_version + 1 };
      await store.changeTrigger(trx, row.id, { archived_at: new Date(), lease_token: null, lease_until: null, next_look_at: null, ...gone });
      if (row.credential_id) await deps.vault.remove(trx, { workspaceId, credentialId: row.credential_id });
      await store.unwatch(trx, row.id);
    },
  },
  /** Paused: what it would fire for may have changed meanwhile. */
  restore: {
    action: 'trigger.restored',
    write: ({ trx, actor }, row) => store.changeTrigger(trx, row.id, { archived_at: null, paused_at: new Date(), paused_by: actor.label }),
  },
};

/** Whether it would change anything. */
export function changesBy({ archived_at, paused_at }: Pick<Row, 'archived_at' | 'paused_at'>, verb: Verb): boolean {
  if (verb === 'restore') return archived_at !== null;
  return archived_at === null && (verb === 'archive' || (paused_at === null) === (verb === 'pause'));
}

/** The caller holds the row and has asked for the permission. Refuses before it has written anything. @throws InvalidInput for a flow that it cannot wait for any more */
export async function turnIn(turning: Turning, { row, verb }: { row: Row; verb: Verb }): Promise<void> {
  const { action, write } = turns[verb];
  await write(turning, row);
  const seen = verb === 'archive' ? { before: auditView(row) } : { after: auditView(row) };
  await recordAudit(turning.trx, turning.actor, { action, object: { type: 'trigger', id: row.id, title: row.slug }, ...seen });
}

/** Settings only. */
export function auditView({ title, kind, flow, config, parameters, condition, owner_label }: Row) {
  return { title, kind, flow, config, parameters, condition, owner: owner_label };
}

export function looks({ kinds }: Pick<TriggerDeps, 'kinds'>, kind: Row['kind']): boolean {
  return kinds.find((one) => one.kind === kind)?.how === 'look';
}

/** @throws InvalidInput before anything is written */
export async function watch(trx: WorkspaceTransaction, actor: Actor, { id, kind, config }: Pick<Row, 'id' | 'kind' | 'config'>): Promise<void> {
  if (kind !== 'flow') return;
  const flows = await watchable(trx, actor, config);
  await store.setWatched(trx, { workspaceId: actor.workspaceId, trigger: id, flows, states: (config as { outcomes: RunState[] }).outcomes });
}

/** The flows whose ends it waits for, all of which the actor may see. @throws InvalidInput */
export async function watchable(trx: WorkspaceTransaction, actor: Actor, config: Record<string, unknown>): Promise<store.WatchedFlow[]> {
  const { flows } = config as { flows: string[] };
  const found = (await store.findFlows(trx, flows)).filter(({ slug: flow, folder, kind }) => may(actor, 'run.read', { flow, folder, kind }));
  const missing = flows.filter((slug) => !found.some((flow) => flow.slug === slug));
  if (missing.length > 0) throw refused([{ path: 'config.flows', message: `there is no flow ${missing.join(', ')}`, severity: 'error' }]);
  return found;
}
