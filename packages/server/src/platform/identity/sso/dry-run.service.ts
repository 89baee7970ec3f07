// Who would get which role by rules that may not be saved yet. Reads only.
import { NotFound } from '@tidewheel/contract/errors';
import type { Page } from '@tidewheel/contract/page';
import type { DryRunPerson, DryRunSource, SsoLink, SsoMapping } from '@tidewheel/contract/routes/sso';
import { ssoFailures } from '@tidewheel/contract/sso-failures';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import type { PageRequest } from '../../../storage/keyset.ts';
import type { Db } from '../identity.store.ts';
import { type Claims, type ExternalIdentity, identityOfClaims } from './external-identity.ts';
import { judge } from './judgement.ts';
import { deleteLink, findLinkedUser, findLinkOf, findLinks, findNamesake, findUsersById, type Link } from './links.store.ts';
import { findHeld, findPlaces } from './mapping.store.ts';
import { requireKnownPlaces, requireProvider, type SsoDeps } from './providers.service.ts';
import { endProviderSessions, type Provider } from './providers.store.ts';

interface Candidate {
  identity: ExternalIdentity;
  linkedUserId: string | undefined;
}

/** @throws NotFound, InvalidInput */
export async function dryRun(
  { db }: SsoDeps,
  actor: Actor,
  { slug, mapping, source }: { slug: string; mapping?: SsoMapping | undefined; source: DryRunSource },
): Promise<Page<DryRunPerson>> {
  requirePermission(actor, 'sso.edit');
  const provider = await requireProvider(db, slug);
  if (mapping) await requireKnownPlaces(db, mapping);
  const { items, ...page } = await candidatesOf(db, provider, source);
  return { ...page, items: await judgeAll(db, { provider, mapping: mapping ?? provider.mapping, candidates: items }) };
}

async function candidatesOf(db: Db, provider: Provider, source: DryRunSource): Promise<Page<Candidate>> {
  if (source.kind === 'claims') {
    const items = await Promise.all(source.claims.map((claims) => givenCandidate(db, provider, claims)));
    return { items, next: null, total: items.length, totalCapped: false };
  }
  if (source.kind === 'user') {
    const link = await findLinkOf(db, { providerId: provider.id, email: source.email });
    if (!link)
      throw new NotFound('sso.not_linked', `${source.email} never signed in through ${provider.title}.`, {
        hint: 'See who is linked, or give claims yourself.',
      });
    return { items: [linkedCandidate(provider, link)], next: null, total: 1, totalCapped: false };
  }
  const page = await findLinks(db, provider.id, source);
  return { ...page, items: page.items.map((link) => linkedCandidate(provider, link)) };
}

async function givenCandidate(db: Db, provider: Provider, claims: Claims): Promise<Candidate> {
  const subject = typeof claims['sub'] === 'string' ? claims['sub'] : '';
  const identity = identityOfClaims({ ...provider, providerId: provider.id }, { ...claims, sub: subject });
  return { identity, linkedUserId: subject === '' ? undefined : await findLinkedUser(db, identity) };
}

function linkedCandidate(provider: Provider, { subject, claims, userId }: Link): Candidate {
  return { identity: identityOfClaims({ ...provider, providerId: provider.id }, { ...claims, sub: subject }), linkedUserId: userId };
}

async function judgeAll(
  db: Db,
  { provider, mapping, candidates }: { provider: Provider; mapping: SsoMapping; candidates: Candidate[] },
): Promise<DryRunPerson[]> {
  const places = await findPlaces(db);
  const namesakes = await Promise.all(
    candidates.map(({ identity, linkedUserId }) => (linkedUserId === undefined ? findNamesake(db, identity) : Promise.resolve(undefined))),
  );
  const userIds = candidates.map(({ linkedUserId }, index) => linkedUserId ?? namesakes[index]?.userId);
  const known = userIds.filter((id) => id !== undefined);
  const held = await findHeld(db, known);
  const users = await findUsersById(db, known);
  return candidates.map(({ identity, linkedUserId }, index) => {
    const userId = userIds[index] ?? '';
    const judged = judge(provider, mapping, identity, { linkedUserId, namesake: namesakes[index], held: held.get(userId) ?? [], places });
    const { account, refusal, memberships, losesAccess } = judged;
    const [message, hint] = refusal === null ? ['', ''] : ssoFailures[refusal];
    return {
      subject: identity.subject || null,
      email: identity.email,
      groups: identity.groups,
      user: account.kind === 'would_be_made' ? null : (users.get(userId) ?? null),
      account: account.kind,
      refusal: refusal === null ? null : { code: refusal, message, hint },
      memberships,
      losesAccess,
    };
  });
}

/** @throws NotFound */
export async function listLinks({ db }: SsoDeps, actor: Actor, { slug, page }: { slug: string; page: PageRequest }): Promise<Page<SsoLink>> {
  requirePermission(actor, 'sso.edit');
  const provider = await requireProvider(db, slug);
  const { items, ...rest } = await findLinks(db, provider.id, page);
  return { ...rest, items: items.map(shownLink) };
}

function shownLink({ subject, userId, userEmail, userName, email, claims, createdAt, lastSignInAt }: Link): SsoLink {
  const user = { id: userId, email: userEmail, name: userName };
  return { subject, user, email, claims, linkedAt: createdAt.toISOString(), lastSignInAt: lastSignInAt?.toISOString() ?? null };
}

/** @throws NotFound */
export async function removeLink({ db }: SsoDeps, actor: Actor, { slug, user }: { slug: string; user: string }): Promise<{ removed: true }> {
  requirePermission(actor, 'sso.edit');
  const provider = await requireProvider(db, slug);
  return db.transaction().execute(async (trx) => {
    const removed = await deleteLink(trx, { providerId: provider.id, userId: user });
    if (!removed) throw new NotFound('sso.not_linked', 'This user is not linked to this provider.', { hint: 'See who is linked.' });
    const ended = await endProviderSessions(trx, { providerId: provider.id, userId: user });
    const known = (await findUsersById(trx, [user])).get(user);
    await recordAudit(trx, actor, {
      action: 'user.unlinked',
      object: { type: 'user', id: user, title: known?.email ?? user },
      before: { provider: slug, ...removed },
      after: { ended },
    });
    return { removed: true };
  });
}
