// Selections of many runs, and what was bound by a preview.
import { type BulkAction, type BulkFilter, mostInBulk } from '@tidewheel/contract/routes/bulk';
import { type Expression, type SqlBool, sql } from 'kysely';
import { newId } from '../../base/ids.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';

export interface Selecting {
  action: BulkAction;
  ids?: string[] | undefined;
  filter?: BulkFilter | undefined;
  permitted: Expression<SqlBool>;
}

/** To which runs an action applies. A dead letter is named by the run that failed first. */
const applies: Record<BulkAction, Expression<SqlBool>> = {
  cancel: sql<SqlBool>`run.finished_at is null`,
  pause: sql<SqlBool>`run.state in ('queued', 'running') and run.paused_at is null`,
  resume: sql<SqlBool>`run.finished_at is null and run.paused_at is not null`,
  rerun: sql<SqlBool>`run.finished_at is not null`,
  replay: sql<SqlBool>`exists (select from dead_letter d where d.run_id = run.id and d.state = 'open')`,
  discard: sql<SqlBool>`exists (select from dead_letter d where d.run_id = run.id and d.state = 'open')`,
};

/** The newest first; one more than an operation may touch. `isFit`: the action applies to it. */
export function selectRuns(trx: WorkspaceTransaction, { action, ids, filter = {}, permitted }: Selecting): Promise<{ id: string; isFit: boolean }[]> {
  let query = trx
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .where('run.parent_id', 'is', null)
    .where(permitted);
  if (ids) query = query.where('run.id', 'in', ids);
  const { flow, state, kind, startedAfter, startedBefore, startedBy, code } = filter;
  if (flow !== undefined) query = query.where('flow.slug', '=', flow);
  if (state !== undefined) query = query.where('run.state', '=', state);
  if (kind !== undefined) query = query.where('flow.kind', '=', kind);
  if (startedAfter !== undefined) query = query.where('run.created_at', '>=', new Date(startedAfter));
  if (startedBefore !== undefined) query = query.where('run.created_at', '<', new Date(startedBefore));
  if (startedBy !== undefined) query = query.where('run.started_by', '=', startedBy);
  if (code !== undefined) query = query.where(sql<SqlBool>`run.error ->> 'code' = ${code}`);
  if (action === 'replay' || action === 'discard' || ids === undefined) query = query.where(applies[action]);
  return query
    .select(['run.id', sql<boolean>`(${applies[action]})`.as('isFit')])
    .orderBy('run.id', 'desc')
    .limit(mostInBulk + 1)
    .execute();
}

const keptMinutes = 15;

export async function keepBulk(
  trx: WorkspaceTransaction,
  { workspaceId, action, detail, runs, by }: { workspaceId: string; action: BulkAction; detail: string | null; runs: string[]; by: string },
): Promise<string> {
  const id = newId();
  await trx.deleteFrom('bulk_operation').where('created_at', '<', sql<Date>`now() - interval '1 day'`).execute();
  await trx.insertInto('bulk_operation').values({ workspace_id: workspaceId, id, action, detail, runs, created_by: by }).execute();
  return id;
}

/** Longer than a batch takes. Whoever holds it may be gone after that. */
const takenSeconds = 120;

/** The next of them, for `token` alone until it says that they are done. `isBusy`: another caller has them. */
export async function takeBatch(trx: WorkspaceTransaction, { id, by, size, token }: { id: string; by: string; size: number; token: string }) {
  const found = await trx
    .selectFrom('bulk_operation')
    .where('id', '=', id)
    .where('created_by', '=', by)
    .where((is) => is.or([is('taken_token', 'is not', null), is('created_at', '>', sql<Date>`now() - make_interval(mins => ${keptMinutes})`)]))
    .selectAll()
    .select(sql<boolean>`coalesce(taken_until > now(), false)`.as('isBusy'))
    .forUpdate()
    .executeTakeFirst();
  if (!found) return undefined;
  const batch = found.runs.slice(found.position, found.position + size);
  if (!found.isBusy && batch.length > 0)
    await trx
      .updateTable('bulk_operation')
      .set({ taken_token: token, taken_until: sql<Date>`now() + make_interval(secs => ${takenSeconds})` })
      .where('id', '=', id)
      .execute();
  return { ...found, batch };
}

/** The batch of that token is done; nothing changes when somebody else has it by now. */
export async function endBatch(trx: WorkspaceTransaction, { id, token, position }: { id: string; token: string; position: number }): Promise<void> {
  await trx.updateTable('bulk_operation').set({ position, taken_until: null }).where('id', '=', id).where('taken_token', '=', token).execute();
}
