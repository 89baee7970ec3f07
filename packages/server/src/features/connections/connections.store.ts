// The only SQL of connections. Their secrets are the vault's.
import type { Page } from '@tidewheel/contract/page';
import type { Connection } from '@tidewheel/contract/routes/connections';
import { type Expression, type Selectable, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { ConnectionTable } from '../../storage/schema.ts';

/** `credential`: the slug of the named credential it uses; null when its secret, if any, is its own. */
export type ConnectionRow = Selectable<ConnectionTable> & { credential: string | null };

const credentialSlug = sql<
  string | null
>`(select c.slug from credential c where c.workspace_id = connection.workspace_id and c.id = connection.credential_id)`.as('credential');

const bySlug: Sort = { name: 'slug', keys: [{ column: 'slug', type: 'text', direction: 'asc' }] };

/** What rules can say of a connection, by the column that holds it. */
export const connectionColumns = { connection: 'slug', folder: 'folder', type: 'type' };

export interface ConnectionFilter {
  folder?: string | undefined;
  type?: string | undefined;
  search?: string | undefined;
}

/** A page of those that are not archived, by slug. */
export async function findConnections(
  trx: WorkspaceTransaction,
  filter: ConnectionFilter & { permitted: Expression<SqlBool> },
  page: PageRequest,
): Promise<Page<ConnectionRow>> {
  let query = trx.selectFrom('connection').selectAll().select(credentialSlug).where('archived_at', 'is', null).where(filter.permitted);
  if (filter.folder !== undefined) query = query.where(sql<SqlBool>`(folder = ${filter.folder} or starts_with(folder, ${`${filter.folder}/`}))`);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('slug', 'ilike', pattern), is('title', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: bySlug, page });
}

export function findConnection(trx: WorkspaceTransaction, slug: string): Promise<ConnectionRow | undefined> {
  return trx.selectFrom('connection').selectAll().select(credentialSlug).where('slug', '=', slug).executeTakeFirst();
}

/** As findConnection, and nobody else may change it until the transaction ends. */
export function lockConnection(trx: WorkspaceTransaction, slug: string): Promise<ConnectionRow | undefined> {
  return trx.selectFrom('connection').selectAll().select(credentialSlug).where('slug', '=', slug).forUpdate().executeTakeFirst();
}

export async function listSlugs(trx: WorkspaceTransaction): Promise<{ slug: string; type: string; folder: string | null }[]> {
  return trx.selectFrom('connection').select(['slug', 'type', 'folder']).where('archived_at', 'is', null).orderBy('slug').execute();
}

export interface NewConnection {
  workspaceId: string;
  id: string;
  slug: string;
  title: string;
  type: string;
  folder: string | null;
  config: Record<string, unknown>;
  credentialId: string | null;
}

/** Also takes the place of an archived connection of that slug. @returns undefined when one that is in use has it */
export function insertConnection(trx: WorkspaceTransaction, made: NewConnection): Promise<ConnectionRow | undefined> {
  const values = { title: made.title, type: made.type, folder: made.folder, config: JSON.stringify(made.config), credential_id: made.credentialId };
  return trx
    .insertInto('connection')
    .values({ workspace_id: made.workspaceId, id: made.id, slug: made.slug, ...values, archived_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'slug'])
        .doUpdateSet({ ...values, archived_at: null, created_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
        .where('connection.archived_at', 'is not', null),
    )
    .returningAll()
    .returning(credentialSlug)
    .executeTakeFirst();
}

export interface ConnectionChange {
  id: string;
  title: string;
  folder: string | null;
  config: Record<string, unknown>;
  credentialId: string | null;
}

export function changeConnection(trx: WorkspaceTransaction, { id, title, folder, config, credentialId }: ConnectionChange): Promise<ConnectionRow> {
  return trx
    .updateTable('connection')
    .set({ title, folder, config: JSON.stringify(config), credential_id: credentialId, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .returning(credentialSlug)
    .executeTakeFirstOrThrow();
}

export function markArchived(trx: WorkspaceTransaction, id: string): Promise<ConnectionRow> {
  return trx
    .updateTable('connection')
    .set({ archived_at: sql<Date>`now()`, credential_id: null, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .returning(credentialSlug)
    .executeTakeFirstOrThrow();
}

/** What people may see of a row. */
export function shownConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    type: row.type,
    folder: row.folder,
    config: row.config,
    hasSecret: row.credential_id !== null,
    credential: row.credential,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}
