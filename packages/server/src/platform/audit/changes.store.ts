// The only SQL of the change log: audit entries of certain actions, under row-level security.
import type { AuditAction } from '@tidewheel/contract/audit-actions';
import { type Kysely, type SqlBool, sql } from 'kysely';
import { storable } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { Database } from '../../storage/schema.ts';

export interface ChangeRow {
  id: string;
  at: Date;
  action: AuditAction;
  /** Null once retention erased it. */
  body: string | null;
  reverts: string | null;
  reverted_by: string | null;
}

const newest: Sort = { name: 'newest', keys: [{ column: 'e.id', type: 'uuid', direction: 'desc' }] };
/** The very words of the partial index of migration 0080: else Postgres does not see that it fits. */
const isChange = sql<SqlBool>`e.action not in ('run.started', 'run.rerun', 'run.cancelled', 'rows.read', 'artifact.downloaded', 'file.downloaded', 'log.downloaded', 'session.signed_in', 'session.signed_out', 'session.sign_in_failed')`;

function changes(trx: WorkspaceTransaction, actions: readonly AuditAction[]) {
  return trx
    .selectFrom('audit_entry as e')
    .select(['e.id', 'e.at', sql<AuditAction>`e.action`.as('action'), sql<string | null>`e.body::text`.as('body'), 'e.reverts'])
    .select((is) =>
      is
        .selectFrom('audit_entry as r')
        .whereRef('r.workspace_id', '=', 'e.workspace_id')
        .whereRef('r.reverts', '=', 'e.id')
        .select('r.id')
        .orderBy('r.id', 'desc')
        .limit(1)
        .as('reverted_by'),
    )
    .where(isChange)
    .where('e.body', 'is not', null)
    .where('e.action', 'in', actions.length > 0 ? [...actions] : ['']);
}

export interface ChangeFilter {
  actions: readonly AuditAction[];
  objectId?: string | undefined;
  by?: string | undefined;
}

export function findChanges(trx: WorkspaceTransaction, { actions, objectId, by }: ChangeFilter, page: PageRequest) {
  let query = changes(trx, actions);
  if (objectId !== undefined) query = query.where('e.object_id', '=', storable(objectId));
  if (by !== undefined) {
    const pattern = `%${storable(by).replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('e.actor_id', '=', storable(by)), is('e.actor_label', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: newest, page });
}

export function findChange(trx: WorkspaceTransaction, actions: readonly AuditAction[], id: string): Promise<ChangeRow | undefined> {
  return changes(trx, actions).where('e.id', '=', id).executeTakeFirst();
}

export function findNewest(trx: WorkspaceTransaction, actions: readonly AuditAction[], count: number): Promise<ChangeRow[]> {
  return changes(trx, actions).orderBy('e.id', 'desc').limit(count).execute();
}

/** One revert at a time in a workspace: two who take back the same change do not both find it in place. */
export function oneRevertAtATime<T>(db: Kysely<Database>, workspaceId: string, work: () => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('revert ' || ${workspaceId}::text, 0))`.execute(trx);
    return work();
  });
}
