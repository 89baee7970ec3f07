// All SQL about who at a provider is which account.
import type { Page } from '@tidewheel/contract/page';
import { sql } from 'kysely';
import { type PageRequest, readPage, type Sort } from '../../../storage/keyset.ts';
import type { Db, IdentityTransaction } from '../identity.store.ts';
import type { Claims, ExternalIdentity } from './external-identity.ts';
import type { Namesake } from './linking.ts';

export interface Link {
  subject: string;
  userId: string;
  userEmail: string;
  userName: string;
  email: string | null;
  claims: Claims;
  createdAt: Date;
  lastSignInAt: Date | null;
}

export async function findLinkedUser(db: Db, { providerId, subject }: { providerId: string; subject: string }): Promise<string | undefined> {
  const row = await db
    .selectFrom('identity.external_identity')
    .select('user_id')
    .where('provider_id', '=', providerId)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.user_id;
}

export async function findNamesake(db: Db, { providerId, email }: { providerId: string; email: string | null }): Promise<Namesake | undefined> {
  if (email === null) return undefined;
  return db
    .selectFrom('identity.user as u')
    .select(['u.id as userId', 'u.kind', 'u.email_verified as emailVerified'])
    .select(sql<boolean>`exists (select from identity.external_identity e where e.user_id = u.id and e.provider_id = ${providerId})`.as('isLinked'))
    .where('u.email', '=', email)
    .executeTakeFirst();
}

/** Two first sign-ins of one person at the same instant come one after the other. */
export async function lockSubject(trx: IdentityTransaction, { providerId, subject }: { providerId: string; subject: string }): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sso ${providerId} ${subject}`}, 0))`.execute(trx);
}

/** Makes the link or renews what the provider said. */
export async function saveLink(trx: IdentityTransaction, identity: ExternalIdentity, { userId, signsIn }: { userId: string; signsIn: boolean }): Promise<void> {
  const { providerId, subject, email } = identity;
  const claims = JSON.stringify(identity.claims);
  const now = signsIn ? { last_sign_in_at: sql<Date>`now()` } : {};
  await trx
    .insertInto('identity.external_identity')
    .values({ provider_id: providerId, subject, user_id: userId, email, claims, ...now })
    .onConflict((conflict) => conflict.columns(['provider_id', 'subject']).doUpdateSet({ email, claims, ...now }))
    .execute();
}

export async function insertPerson(
  trx: IdentityTransaction,
  { id, email, name, emailVerified }: { id: string; email: string; name: string; emailVerified: boolean },
): Promise<void> {
  await trx.insertInto('identity.user').values({ id, email, name, email_verified: emailVerified, image: null }).execute();
}

const bySubject: Sort = { name: 'subject', keys: [{ column: 'e.subject', type: 'text', direction: 'asc' }] };

function select(db: Db, providerId: string) {
  return db
    .selectFrom('identity.external_identity as e')
    .innerJoin('identity.user as u', 'u.id', 'e.user_id')
    .select(['e.subject', 'u.id as userId', 'u.email as userEmail', 'u.name as userName', 'e.email', 'e.claims'])
    .select(['e.created_at as createdAt', 'e.last_sign_in_at as lastSignInAt'])
    .where('e.provider_id', '=', providerId);
}

export function findLinks(db: Db, providerId: string, page: PageRequest): Promise<Page<Link>> {
  return readPage({ db, query: select(db, providerId), sort: bySubject, page }) as Promise<Page<Link>>;
}

export async function findLinkOf(db: Db, { providerId, email }: { providerId: string; email: string }): Promise<Link | undefined> {
  return select(db, providerId).where('u.email', '=', email.toLowerCase()).executeTakeFirst() as Promise<Link | undefined>;
}

export async function deleteLink(
  db: Db,
  { providerId, userId }: { providerId: string; userId: string },
): Promise<{ subject: string; email: string | null } | undefined> {
  return db
    .deleteFrom('identity.external_identity')
    .where('provider_id', '=', providerId)
    .where('user_id', '=', userId)
    .returning(['subject', 'email'])
    .executeTakeFirst();
}

export interface MyLink {
  slug: string;
  title: string;
  email: string | null;
  linkedAt: Date;
  lastSignInAt: Date | null;
}
export async function findLinksOf(db: Db, userId: string): Promise<MyLink[]> {
  return db
    .selectFrom('identity.external_identity as e')
    .innerJoin('identity.sso_provider as p', 'p.id', 'e.provider_id')
    .select(['p.slug', 'p.title', 'e.email', 'e.created_at as linkedAt', 'e.last_sign_in_at as lastSignInAt'])
    .where('e.user_id', '=', userId)
    .orderBy('p.position')
    .orderBy('p.title')
    .execute();
}

export async function findEmail(db: Db, userId: string): Promise<string> {
  return (await db.selectFrom('identity.user').select('email').where('id', '=', userId).executeTakeFirstOrThrow()).email;
}

export async function findUsersById(db: Db, ids: string[]): Promise<Map<string, { id: string; email: string; name: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('identity.user').select(['id', 'email', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}
