// A person of a provider becomes a user with roles, all in one transaction.
import { Conflict } from '@tidewheel/contract/errors';
import type { MappedMembership } from '@tidewheel/contract/routes/sso';
import type { SsoFailure } from '@tidewheel/contract/sso-failures';
import type { Call } from '../../../base/endpoint.ts';
import { newId } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { lockAccess } from '../access-lock.store.ts';
import { findMainWorkspace, type IdentityDb, type IdentityTransaction } from '../identity.store.ts';
import { changingAccessOf } from '../role-assignment.ts';
import type { ExternalIdentity } from './external-identity.ts';
import { failure } from './failure.ts';
import { type Judgement, judge } from './judgement.ts';
import { findEmail, findLinkedUser, findNamesake, insertPerson, lockSubject, saveLink } from './links.store.ts';
import { findHeld, findPlaces, lockAdministrators, type Places, writeMembership } from './mapping.store.ts';
import type { Provider } from './providers.store.ts';

interface Arrival {
  provider: Provider;
  identity: ExternalIdentity;
  call: Call;
}
interface Person {
  userId: string;
  email: string;
}

/** A known person's roles follow what the provider says also when that shuts the person out; nobody is made or linked only to be refused. */
export async function settle(db: IdentityDb, arrival: Arrival): Promise<{ userId: string } | { refusal: SsoFailure }> {
  return db.transaction().execute(async (trx) => {
    const places = await findPlaces(trx);
    const { account, memberships, refusal } = await judgeNow(trx, arrival, places);
    if (account.kind === 'none') return { refusal: account.refusal };
    if (refusal !== null && account.kind !== 'linked') return { refusal };
    const person = account.kind === 'would_be_made' ? await provision(trx, arrival, account.email) : await personOf(trx, account.userId);
    await saveLink(trx, arrival.identity, { userId: person.userId, signsIn: refusal === null });
    if (account.kind === 'would_link') await recordLink(trx, arrival, person);
    for (const one of memberships) await apply(trx, { arrival, person, places }, one);
    return refusal === null ? { userId: person.userId } : { refusal };
  });
}

async function judgeNow(trx: IdentityTransaction, { provider, identity }: Arrival, places: Places): Promise<Judgement> {
  await lockSubject(trx, identity);
  const linkedUserId = await findLinkedUser(trx, identity);
  const namesake = linkedUserId === undefined ? await findNamesake(trx, identity) : undefined;
  const userId = linkedUserId ?? namesake?.userId;
  await lockPlaces(trx, { provider, userId, places });
  const held = userId === undefined ? [] : ((await findHeld(trx, [userId])).get(userId) ?? []);
  return judge(provider, provider.mapping, identity, { linkedUserId, namesake, held, places });
}

// Before any row, and in one order, as whoever else changes roles does: two such changes wait for one another instead of meeting crosswise.
async function lockPlaces(
  trx: IdentityTransaction,
  { provider: { mapping }, userId, places }: { provider: Provider; userId: string | undefined; places: Places },
): Promise<void> {
  const named = [...mapping.rules, ...(mapping.otherwise ? [mapping.otherwise] : [])].map(({ workspace }) => workspace);
  const held = userId === undefined ? [] : ((await findHeld(trx, [userId])).get(userId) ?? []).map(({ workspace }) => workspace);
  const ids = [...named, ...held].flatMap((slug) => places.workspaces.get(slug) ?? []);
  for (const id of [...new Set(ids)].sort()) await lockAccess(trx, id);
  if (userId !== undefined) await lockAdministrators(trx, userId);
}

async function personOf(trx: IdentityTransaction, userId: string): Promise<Person> {
  return { userId, email: await findEmail(trx, userId) };
}

/** The provider acts, not a user: nobody is signed in yet. */
export async function actorOf(trx: IdentityTransaction, { provider, call }: Pick<Arrival, 'provider' | 'call'>, workspaceId?: string) {
  const main = workspaceId ?? (await findMainWorkspace(trx)) ?? '';
  const via = { requestId: call.requestId, address: call.address };
  return { userId: null, kind: 'system' as const, label: `provider ${provider.slug}`, workspaceId: main, via };
}

const objectOf = ({ userId, email }: Person) => ({ type: 'user', id: userId, title: email });

async function provision(trx: IdentityTransaction, { provider, identity, call }: Arrival, email: string): Promise<Person> {
  const person = { userId: newId(), email };
  const name = identity.name ?? email.slice(0, email.indexOf('@'));
  await insertPerson(trx, { id: person.userId, email, name, emailVerified: true });
  const after = { provider: provider.slug, subject: identity.subject, email, name };
  await recordAudit(trx, await actorOf(trx, { provider, call }), { action: 'user.provisioned', object: objectOf(person), after });
  return person;
}

export async function recordLink(trx: IdentityTransaction, { provider, identity, call }: Arrival, person: Person): Promise<void> {
  const after = { provider: provider.slug, subject: identity.subject, email: identity.email };
  await recordAudit(trx, await actorOf(trx, { provider, call }), { action: 'user.linked', object: objectOf(person), after });
}

async function apply(
  trx: IdentityTransaction,
  { arrival, person, places }: { arrival: Arrival; person: Person; places: Places },
  { workspace, before, after, change, rule }: MappedMembership,
): Promise<void> {
  const workspaceId = places.workspaces.get(workspace);
  if (change === 'none' || change === 'by_hand' || workspaceId === undefined) return;
  const { provider, call } = arrival;
  const whose = { workspaceId, userId: person.userId, providerId: provider.id };
  await changingAccessOf(trx, workspaceId, person.userId, () => writeMembership(trx, { change, after }, whose)).catch((thrown: unknown) => {
    if (!(thrown instanceof Conflict)) throw thrown;
    throw failure('sso.separation', { reason: thrown.message, cause: thrown });
  });
  await recordAudit(trx, await actorOf(trx, { provider, call }, workspaceId), {
    action: 'user.role_mapped',
    object: objectOf(person),
    before: { role: before },
    after: { role: after, change, rule, provider: provider.slug },
  });
}
