// Named credentials as rows: what people see of them, where they are used.

import { NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import { type Expression, type NotNull, type Selectable, type SqlBool, sql } from 'kysely';
import { closest } from '../../base/text.ts';
import type { WorkspaceTransaction } from '../../storage/database.ts';
import { type PageRequest, readPage, type Sort } from '../../storage/keyset.ts';
import type { CredentialTable } from '../../storage/vault-tables.ts';

export type NamedCredential = Omit<Selectable<CredentialTable>, 'ciphertext' | 'nonce' | 'wrapped_key' | 'key_id' | 'slug' | 'title' | 'type'> & {
  slug: string;
  title: string;
  type: string;
  used_by: number;
  last_used_at: Date | null;
  previous_until: Date | null;
};

/** What rules can say of a credential, by the column that holds it. */
export const credentialColumns = { credential: 'slug', type: 'type' };

export interface CredentialFilter {
  type?: string | undefined;
  search?: string | undefined;
  state?: 'active' | 'expiring' | 'expired' | 'archived' | undefined;
}

const bySlug: Sort = {
  name: 'slug',
  keys: [
    { column: 'slug', type: 'text', direction: 'asc' },
    { column: 'id', type: 'uuid', direction: 'asc' },
  ],
};

/** The reminder that comes first; without any, expiry is not announced. */
const isExpiring = sql<boolean>`expires_on is not null and expires_on <= current_date + coalesce((select max(day) from unnest(remind_days) as day), 0)`;

// Never the envelope: rows of this query are shown.
function shownRows(trx: WorkspaceTransaction) {
  return (
    trx
      .selectFrom('credential')
      .select([
        'workspace_id',
        'id',
        'purpose',
        'store',
        'slug',
        'title',
        'type',
        'description',
        'fields',
        'facts',
        'hosts',
        'connections',
        'expires_on',
        'remind_days',
        'version',
        'created_by',
        'created_at',
        'updated_at',
        'rotated_at',
        'archived_at',
      ])
      .select([
        sql<number>`(select count(*)::int from connection n where n.workspace_id = credential.workspace_id and n.credential_id = credential.id and n.archived_at is null)
          + (select count(*)::int from target t where t.workspace_id = credential.workspace_id and t.credential_id = credential.id and t.archived_at is null)`.as(
          'used_by',
        ),
        sql<Date | null>`greatest((select max(used_at) from credential_use u where u.workspace_id = credential.workspace_id and u.credential_id = credential.id),
          (select max(used_at) from credential_target_use u where u.workspace_id = credential.workspace_id and u.credential_id = credential.id))`.as(
          'last_used_at',
        ),
        sql<Date | null>`(select erase_at from credential_previous p where p.workspace_id = credential.workspace_id and p.credential_id = credential.id and erase_at > now())`.as(
          'previous_until',
        ),
      ])
      // A credential with a name has a title and a type too: see the check of migration 0070.
      .$narrowType<{ slug: NotNull; title: NotNull; type: NotNull }>()
      .where('slug', 'is not', null)
  );
}

export async function findNamedCredentials(
  trx: WorkspaceTransaction,
  filter: CredentialFilter & { permitted: Expression<SqlBool> },
  page: PageRequest,
): Promise<Page<NamedCredential>> {
  let query = shownRows(trx)
    .where(filter.permitted)
    .where('archived_at', filter.state === 'archived' ? 'is not' : 'is', null);
  if (filter.state === 'expiring') query = query.where(isExpiring);
  if (filter.state === 'expired') query = query.where(sql<boolean>`expires_on < current_date`);
  if (filter.state === 'active') query = query.where(sql<boolean>`not coalesce(${isExpiring}, false)`);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, String.raw`\$&`)}%`;
    query = query.where((is) => is.or([is('slug', 'ilike', pattern), is('title', 'ilike', pattern), is('description', 'ilike', pattern)]));
  }
  return readPage({ db: trx, query, sort: bySlug, page });
}

/** The one in use, else the newest archived one of that name. */
export async function findNamed(trx: WorkspaceTransaction, slug: string): Promise<NamedCredential | undefined> {
  return shownRows(trx)
    .where('slug', '=', slug)
    .orderBy('archived_at', (order) => order.desc().nullsFirst())
    .limit(1)
    .executeTakeFirst();
}

export async function findNamedById(trx: WorkspaceTransaction, id: string): Promise<NamedCredential | undefined> {
  return shownRows(trx).where('id', '=', id).executeTakeFirst();
}

/** @throws NotFound with the closest name, also for an archived one */
export async function namedInUse(trx: WorkspaceTransaction, slug: string, { lock }: { lock?: 'share' | 'update' } = {}): Promise<NamedCredential> {
  if (lock) {
    const rows = trx.selectFrom('credential').select('id').where('slug', '=', slug).where('archived_at', 'is', null);
    await (lock === 'update' ? rows.forUpdate() : rows.forShare()).execute();
  }
  const found = await findNamed(trx, slug);
  if (found?.archived_at === null) return found;
  if (found) throw new NotFound('credential.archived', `The credential "${slug}" was archived.`, { hint: 'Name another one, or make it again.' });
  throw unknownCredential(slug, await listNamed(trx));
}

export async function listNamed(trx: WorkspaceTransaction): Promise<{ slug: string; type: string }[]> {
  const rows = await trx.selectFrom('credential').select(['slug', 'type']).where('slug', 'is not', null).where('archived_at', 'is', null).execute();
  return rows.map(({ slug, type }) => ({ slug: slug ?? '', type: type ?? '' }));
}

export function unknownCredential(slug: string, seen: readonly { slug: string }[]): NotFound {
  const close = closest(
    slug,
    seen.map((one) => one.slug),
  );
  return new NotFound('credential.unknown', `There is no credential "${slug}" in this workspace.`, {
    hint: close ? `Did you mean "${close}"?` : 'Make it under Connect > Credentials first.',
  });
}

/** What its envelope is bound to. */
export function purposeOfNamed({ type }: Pick<NamedCredential, 'type'>): string {
  return `credential:${type}`;
}
