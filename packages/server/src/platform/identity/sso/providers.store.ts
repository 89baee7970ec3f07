// All SQL about providers.
import type { SsoMapping, SsoProviderInput } from '@tidewheel/contract/routes/sso';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { SsoProviderTable } from '../../../storage/sso-tables.ts';
import type { Db, IdentityTransaction } from '../identity.store.ts';

type Fields = Omit<SsoProviderInput, 'clientSecret' | 'slug'>;

export interface Provider extends Fields {
  id: string;
  slug: string;
  sealedSecret: Buffer | null;
  mapping: SsoMapping;
  users: number;
  updatedAt: Date;
  updatedBy: string;
}

const columns = {
  title: 'title',
  issuer: 'issuer',
  clientId: 'client_id',
  scopes: 'scopes',
  emailDomains: 'email_domains',
  emailTrust: 'email_trust',
  provision: 'provision',
  linkByEmail: 'link_by_email',
  groupsClaim: 'groups_claim',
  secondFactor: 'second_factor',
  factorValues: 'factor_values',
  endSession: 'end_session',
  certificateAuthority: 'certificate_authority',
  enabled: 'enabled',
  position: 'position',
} as const satisfies Record<keyof Fields, keyof SsoProviderTable>;

function providerOf(row: Selectable<SsoProviderTable> & { users: number }): Provider {
  const fields = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, row[column]])) as unknown as Fields;
  const { id, slug, mapping, users } = row;
  return { id, slug, ...fields, sealedSecret: row.sealed_secret, mapping, users, updatedAt: row.updated_at, updatedBy: row.updated_by };
}

function select(db: Db) {
  return db
    .selectFrom('identity.sso_provider as p')
    .selectAll('p')
    .select(sql<number>`(select count(*)::int from identity.external_identity e where e.provider_id = p.id)`.as('users'));
}

export async function findProviders(db: Db): Promise<Provider[]> {
  const rows = await select(db).orderBy('p.position').orderBy('p.title').orderBy('p.id').execute();
  return rows.map(providerOf);
}

export async function findProvider(db: Db, by: { slug: string } | { id: string }): Promise<Provider | undefined> {
  const row = await ('slug' in by ? select(db).where('p.slug', '=', by.slug) : select(db).where('p.id', '=', by.id)).executeTakeFirst();
  return row && providerOf(row);
}

/** Locked to the end of the transaction. */
export async function lockProvider(trx: IdentityTransaction, slug: string): Promise<Provider | undefined> {
  await sql`select 1 from identity.sso_provider where slug = ${slug} for update`.execute(trx);
  return findProvider(trx, { slug });
}

export interface NewProvider extends Fields {
  id: string;
  slug: string;
  sealedSecret: Buffer | null;
  updatedBy: string;
}

export async function insertProvider(db: Db, { id, slug, sealedSecret, updatedBy, ...fields }: NewProvider): Promise<void> {
  await db
    .insertInto('identity.sso_provider')
    .values({
      id,
      slug,
      title: fields.title,
      issuer: fields.issuer,
      client_id: fields.clientId,
      sealed_secret: sealedSecret,
      scopes: fields.scopes,
      email_domains: fields.emailDomains,
      email_trust: fields.emailTrust,
      provision: fields.provision,
      link_by_email: fields.linkByEmail,
      groups_claim: fields.groupsClaim,
      second_factor: fields.secondFactor,
      factor_values: fields.factorValues,
      end_session: fields.endSession,
      certificate_authority: fields.certificateAuthority,
      enabled: fields.enabled,
      position: fields.position,
      updated_by: updatedBy,
    })
    .execute();
}

export async function saveProvider(
  db: Db,
  id: string,
  { fields, sealedSecret, mapping, updatedBy }: { fields: Partial<Fields>; sealedSecret?: Buffer | null; mapping?: SsoMapping; updatedBy: string },
): Promise<void> {
  const secret = sealedSecret === undefined ? {} : { sealed_secret: sealedSecret };
  const rules = mapping === undefined ? {} : { mapping: JSON.stringify(mapping) };
  await db
    .updateTable('identity.sso_provider')
    .set({ ...rowOf(fields), ...secret, ...rules, updated_by: updatedBy, updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();
}

function rowOf(fields: Partial<Fields>): Updateable<SsoProviderTable> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [columns[name as keyof Fields], value]),
  );
}

export async function deleteProvider(db: Db, id: string): Promise<void> {
  await db.deleteFrom('identity.sso_provider').where('id', '=', id).execute();
}

/** @returns how many. `userId` undefined: of everybody that it signed in. */
export async function endProviderSessions(db: Db, { providerId, userId }: { providerId: string; userId?: string }): Promise<number> {
  let query = db.deleteFrom('identity.session').where('sso_provider_id', '=', providerId);
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

export async function deleteLinks(db: Db, providerId: string): Promise<void> {
  await db.deleteFrom('identity.external_identity').where('provider_id', '=', providerId).execute();
}
