// Who looks at which trigger, and what a look leaves: one lease each, and one transaction for all of it.
import type { StoredError } from '@tidewheel/contract/errors';
import type { TriggerItem } from '@tidewheel/kit/define-trigger';
import type pg from 'pg';
import { storable, storableJson } from '../../base/text.ts';
import { notificationChannel } from '../../storage/notification-record.ts';
import type { Runner } from '../worker/job-queue.ts';

/** A look that ends without a word is taken over after this. Renewed while it goes on. */
export const leaseSeconds = 30;

/** Takes triggers that are due, each under a lease of its own token. @returns their ids */
export async function claimDue(pool: pg.Pool, { token, most }: { token: string; most: number }): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `update flow_trigger set lease_token = $1, lease_until = now() + make_interval(secs => $3)
     where id = any(array(select id from flow_trigger
       where next_look_at <= now() and paused_at is null and archived_at is null and (lease_until is null or lease_until < now())
       order by next_look_at limit $2 for update skip locked))
     returning id`,
    [token, most, leaseSeconds],
  );
  return rows.map((row) => row.id);
}

export interface Leased {
  trigger: string;
  token: string;
}

export async function renewLease(pool: pg.Pool, { trigger, token }: Leased): Promise<boolean> {
  const { rowCount } = await pool.query('update flow_trigger set lease_until = now() + make_interval(secs => $3) where id = $1 and lease_token = $2', [
    trigger,
    token,
    leaseSeconds,
  ]);
  return rowCount === 1;
}

/** False: another one looks by now, or it was paused, changed or archived: what was found does not count. */
export async function holdLease(runner: Runner, { trigger, token }: Leased): Promise<boolean> {
  const { rows } = await runner.query(
    'select 1 from flow_trigger where id = $1 and lease_token = $2 and paused_at is null and archived_at is null for update',
    [trigger, token],
  );
  return rows.length === 1;
}

export interface LookKept {
  trigger: string;
  /** Undefined: as it was. */
  memory: Record<string, unknown> | undefined;
  note: string | null;
  nextInSeconds: number;
}

export async function keepLook(runner: Runner, { trigger, memory, note, nextInSeconds }: LookKept): Promise<void> {
  await runner.query(
    `update flow_trigger set memory = coalesce($2::jsonb, memory, '{}'), note = $3, last_look_at = now(), next_look_at = now() + make_interval(secs => $4),
       failing_since = null, failures = 0, last_error = null, lease_token = null, lease_until = null where id = $1`,
    [trigger, memory === undefined ? null : storableJson(memory), note && storable(note).slice(0, 2000), nextInSeconds],
  );
}

/** @returns how often it failed in a row, and whose trigger it is; undefined when the lease was lost */
export async function keepFailure(
  runner: Runner,
  { trigger, token, error, nextInSeconds }: Leased & { error: StoredError; nextInSeconds: number },
): Promise<{ failures: number; since: Date } | undefined> {
  const { rows } = await runner.query<{ failures: number; since: Date }>(
    `update flow_trigger set last_look_at = now(), next_look_at = now() + make_interval(secs => $4), failing_since = coalesce(failing_since, now()),
       failures = failures + 1, last_error = $3, lease_token = null, lease_until = null
     where id = $1 and lease_token = $2 returning failures, failing_since as since`,
    [trigger, token, storableJson(error), nextInSeconds],
  );
  return rows[0];
}

export async function releaseLease(pool: pg.Pool, { trigger, token }: Leased): Promise<void> {
  await pool.query('update flow_trigger set lease_token = null, lease_until = null where id = $1 and lease_token = $2', [trigger, token]);
}

export async function readItems(pool: pg.Pool, { trigger, keys }: { trigger: string; keys?: string[] | undefined }): Promise<Map<string, TriggerItem>> {
  const { rows } = await pool.query<TriggerItem>(
    `select key, version, since, done from trigger_item where trigger_id = $1${keys === undefined ? '' : ' and key = any($2)'}`,
    keys === undefined ? [trigger] : [trigger, keys],
  );
  return new Map(rows.map((item) => [item.key, item]));
}

const together = 5_000;

export async function keepItems(
  runner: Runner,
  { workspaceId, trigger, items, gone }: { workspaceId: string; trigger: string; items: TriggerItem[]; gone: string[] },
): Promise<void> {
  for (let at = 0; at < items.length; at += together) {
    const some = items.slice(at, at + together);
    await runner.query(
      `insert into trigger_item (workspace_id, trigger_id, key, version, since, done)
       select $1, $2, i.key, i.version, i.since, i.done from unnest($3::text[], $4::text[], $5::timestamptz[], $6::boolean[]) as i(key, version, since, done)
       on conflict (trigger_id, key) do update set version = excluded.version, since = excluded.since, done = excluded.done, gone_at = null`,
      [workspaceId, trigger, some.map((item) => item.key), some.map((item) => item.version), some.map((item) => item.since), some.map((item) => item.done)],
    );
  }
  for (let at = 0; at < gone.length; at += together)
    await runner.query('update trigger_item set gone_at = now() where trigger_id = $1 and key = any($2) and gone_at is null', [
      trigger,
      gone.slice(at, at + together),
    ]);
}

/** Whoever may have to see to it is told, once for each time that it begins to fail. */
export async function raiseFailing(
  runner: Runner,
  told: { workspaceId: string; id: string; trigger: string; error: StoredError; failures: number },
): Promise<void> {
  await runner.query(
    `with raised as (
       insert into notification_event (workspace_id, id, kind, severity, title, text, object_type, object_id, flow_id, data, raised_by)
       select t.workspace_id, $2, 'trigger.failing', 'warning', left('The trigger ' || t.title || ' cannot look', 200), left($3, 4000), 'trigger', t.slug, t.flow_id,
         jsonb_build_object('slug', t.slug, 'kind', t.kind, 'code', $4::text, 'failures', $5::int, 'since', t.failing_since), 'engine'
       from flow_trigger t where t.id = $1)
     select pg_notify('${notificationChannel}', $6)`,
    [told.trigger, told.id, told.error.message, told.error.code, told.failures, JSON.stringify({ w: told.workspaceId, n: [told.id] })],
  );
}
