// What came to triggers: written in the transaction of what it starts, unique by its key.
import type { Page } from '@tidewheel/contract/page';
import type { TriggerEventState } from '@tidewheel/contract/trigger';
import type { FileRef } from '@tidewheel/contract/values';
import { type Kysely, sql, type Transaction } from 'kysely';
import { storable, storableJson } from '../../base/text.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';
import type { Runner } from '../worker/job-queue.ts';

type Reader = Kysely<Database> | Transaction<Database>;

export interface NewTriggerEvent {
  workspaceId: string;
  id: string;
  trigger: string;
  key: string;
  state: TriggerEventState;
  title: string;
  reason: string | null;
  event: Record<string, unknown> | null;
  files: FileRef[];
  run: string | null;
  depth: number;
  /** How often it came, when it was counted before it was written. */
  times?: number;
  replayOf?: string | null;
}

/**
 * Writes many at once. One whose key is there already is counted there; what did not start a run before may do so now.
 * Keys must differ within one call.
 */
export async function insertEvents(runner: Runner, events: NewTriggerEvent[]): Promise<void> {
  if (events.length === 0) return;
  const column = <T>(pick: (event: NewTriggerEvent) => T) => events.map(pick);
  await runner.query(
    `insert into trigger_event (workspace_id, id, trigger_id, key, state, title, reason, event, files, run_id, depth, times, replay_of)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::jsonb[], $10::uuid[], $11::int[], $12::int[], $13::uuid[])
     on conflict (trigger_id, key) do update set times = trigger_event.times + excluded.times, last_at = now(),
       state = case when trigger_event.run_id is null then excluded.state else trigger_event.state end,
       reason = case when trigger_event.run_id is null then excluded.reason else trigger_event.reason end,
       event = coalesce(trigger_event.event, excluded.event), files = coalesce(trigger_event.files, excluded.files),
       run_id = coalesce(trigger_event.run_id, excluded.run_id)`,
    [
      column((event) => event.workspaceId),
      column((event) => event.id),
      column((event) => event.trigger),
      column((event) => event.key.slice(0, 500)),
      column((event) => event.state),
      column((event) => storable(event.title).slice(0, 1000)),
      column((event) => event.reason && storable(event.reason).slice(0, 4000)),
      column((event) => event.event && storableJson(event.event)),
      column((event) => (event.files.length === 0 ? null : storableJson(event.files))),
      column((event) => event.run),
      column((event) => event.depth),
      column((event) => event.times ?? 1),
      column((event) => event.replayOf ?? null),
    ],
  );
}

/** Those of these keys that are through with: they started a run, or were judged. */
export async function knownKeys(runner: Runner, { trigger, keys }: { trigger: string; keys: string[] }): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await runner.query<{ key: string }>('select key from trigger_event where trigger_id = $1 and key = any($2)', [trigger, keys]);
  return new Set(rows.map((row) => row.key));
}

/** Counts one that came again. @returns undefined when it never came */
export async function countAgain(
  runner: Runner,
  { trigger, key }: { trigger: string; key: string },
): Promise<{ id: string; run: string | null; number: number | null } | undefined> {
  const { rows } = await runner.query<{ id: string; run: string | null; number: number | null }>(
    `update trigger_event e set times = e.times + 1, last_at = now() where e.trigger_id = $1 and e.key = $2
     returning e.id, e.run_id as run, (select r.number from run r where r.id = e.run_id) as number`,
    [trigger, key],
  );
  return rows[0];
}

export async function depthOf(runner: Runner, run: string): Promise<number> {
  const { rows } = await runner.query<{ depth: number }>('select depth from trigger_event where run_id = $1 limit 1', [run]);
  return rows[0]?.depth ?? 0;
}

const newest: Sort = { name: 'newest', keys: [{ column: 'e.id', type: 'uuid', direction: 'desc' }] };

function events(reader: Reader) {
  return reader
    .selectFrom('trigger_event as e')
    .leftJoin('run', (join) => join.onRef('run.workspace_id', '=', 'e.workspace_id').onRef('run.id', '=', 'e.run_id'))
    .selectAll('e')
    .select('run.number as run_number');
}

export type EventRow = NonNullable<Awaited<ReturnType<typeof findEvent>>>;

export function findEvent(reader: Reader, { trigger, id }: { trigger: string; id: string }) {
  return events(reader).where('e.trigger_id', '=', trigger).where('e.id', '=', id).executeTakeFirst();
}

export function pageEvents(
  reader: Reader,
  { trigger, state, cursor, limit }: { trigger: string; state?: TriggerEventState | undefined } & PageRequest,
): Promise<Page<EventRow>> {
  let query = events(reader).where('e.trigger_id', '=', trigger);
  if (state !== undefined) query = query.where('e.state', '=', state);
  return readPage({ db: reader, query, sort: newest, page: { cursor, limit } });
}

/** What rules can say of these runs. */
export function findRunObjects(reader: Reader, ids: string[]) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where('run.id', 'in', ids)
    .select(['run.id', 'flow.slug as flow', 'flow.folder', 'flow.kind', 'run.started_by'])
    .execute();
}

const mostTogether = 5_000;

/** @returns how many rows it removed */
export async function removeOldEvents(engine: Kysely<Database>, days: number): Promise<number> {
  const { numAffectedRows: events = 0n } = await sql`delete from trigger_event where ctid = any(array(
    select ctid from trigger_event where last_at < now() - make_interval(days => ${days}) and at < now() - make_interval(days => ${days}) limit ${mostTogether}))`.execute(
    engine,
  );
  const { numAffectedRows: items = 0n } = await sql`delete from trigger_item where ctid = any(array(
    select ctid from trigger_item where gone_at < now() - make_interval(days => ${days}) limit ${mostTogether}))`.execute(engine);
  return Number(events) + Number(items);
}
