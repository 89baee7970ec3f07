// The way through a provider: begin in this browser, come back to it, and enter or say why not.
import { AppError, NotAllowed } from '@tidewheel/contract/errors';
import { isSsoFailure, type SsoFailure } from '@tidewheel/contract/sso-failures';
import type { Actor } from '../../../base/actor.ts';
import type { Call } from '../../../base/endpoint.ts';
import { newToken } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import { findSessionHolder } from '../identity.store.ts';
import { signedInRecently } from '../second-factor-proof.ts';
import { beginSecondStep } from '../second-factor-sign-in.ts';
import { sessionHash, userOf } from '../session-cookie.ts';
import { hashToken, isSessionToken } from '../tokens.ts';
import { type ExternalIdentity, identityOfClaims } from './external-identity.ts';
import { failure } from './failure.ts';
import { findEmail, findLinkedUser, findLinksOf, findNamesake, lockSubject, saveLink } from './links.store.ts';
import type { OidcChecks } from './oidc-client.ts';
import { partyOf, redirectUri, type SsoDeps } from './providers.service.ts';
import { findProvider, findProviders, type Provider } from './providers.store.ts';
import { seal, unseal } from './seal.ts';
import { insertStep } from './second-step.store.ts';
import { actorOf, recordLink, settle } from './settle.ts';
import { openSession, sealIdToken } from './sso-session.ts';
import { insertTransaction, takeTransaction } from './transactions.store.ts';

const browserCookie = 'tidewheel-sso';
const minutes = 10;
const mostClaimCharacters = 100_000;

export async function listChoices({ db }: Pick<SsoDeps, 'db'>): Promise<{ slug: string; title: string }[]> {
  return (await findProviders(db)).filter(({ enabled }) => enabled).map(({ slug, title }) => ({ slug, title }));
}

async function requireEnabled({ db }: Pick<SsoDeps, 'db'>, slug: string): Promise<Provider> {
  const provider = await findProvider(db, { slug });
  if (!provider?.enabled) throw failure('sso.unknown_provider');
  return provider;
}

/** @throws NotFound, Unreachable */
export async function beginSignIn(
  deps: SsoDeps,
  { slug, next, userId }: { slug: string; next: string; userId?: string },
  call: Call,
): Promise<{ location: string }> {
  const provider = await requireEnabled(deps, slug);
  const checks: OidcChecks = { state: newToken(), nonce: newToken(), verifier: newToken() };
  const asking = { redirectUri: redirectUri(call.origin, provider), scopes: provider.scopes, checks };
  const url = await deps.oidc.authorizationUrl(partyOf(deps, provider), asking).catch((thrown: unknown) => {
    // The reason may tell about hosts inside: it is for the log alone.
    deps.log.warn({ err: thrown, provider: slug }, 'a sign-in through a provider could not begin');
    throw failure(codeOf(thrown, 'sso.unreachable'));
  });
  const browser = newToken();
  const stateHash = hashToken(checks.state);
  const sealed = seal({ masterKey: deps.masterKey, use: 'transaction', bound: stateHash }, JSON.stringify(checks));
  await insertTransaction(deps.db, { stateHash, browserHash: hashToken(browser), providerId: provider.id, userId: userId ?? null, sealed, next, minutes });
  call.setCookie(browserCookie, browser, { maxAgeSeconds: minutes * 60 });
  return { location: url.href };
}

/** @throws NotAllowed unless the session began a moment ago: whoever finds it open must not add a way in of his own */
export async function beginLink(deps: SsoDeps, actor: Actor, slug: string, call: Call): Promise<{ location: string }> {
  if (!(await signedInRecently(deps.db, actor)))
    throw new NotAllowed('auth.proof_needed', 'This needs that you signed in within the last ten minutes.', { hint: 'Sign in again, then link the provider.' });
  return beginSignIn(deps, { slug, next: '/profile', userId: userOf(actor).userId }, call);
}

type Query = Record<string, unknown> & { state?: string | undefined };
interface Answer {
  slug: string;
  query: Query;
}

/** Never throws: the browser is here, so what went wrong is a page. */
export async function finishSignIn(deps: SsoDeps, answer: Answer, call: Call): Promise<{ location: string }> {
  const path = await goOn(deps, answer, call).catch((thrown: unknown) => failed(deps, { slug: answer.slug, thrown }, call));
  // Absolute, and of this site whatever `next` was: a path that begins with two slashes would lead elsewhere.
  const location = new URL(path, call.origin);
  const safe = location.origin === new URL(call.origin).origin ? location.href : call.origin;
  call.setStatus(302);
  call.setHeader('location', safe);
  return { location: safe };
}

async function goOn(deps: SsoDeps, { slug, query }: Answer, call: Call): Promise<string> {
  const provider = await requireEnabled(deps, slug);
  const { checks, userId, next } = await takeOwn(deps, { provider, state: query.state }, call);
  const answer = new URL(redirectUri(call.origin, provider));
  for (const [name, value] of Object.entries(query)) if (typeof value === 'string') answer.searchParams.set(name, value);
  const { signed, fetched, idToken } = await deps.oidc.exchange(partyOf(deps, provider), { answer, checks });
  const identity = identityOfClaims({ ...provider, providerId: provider.id }, signed, fetched);
  if (JSON.stringify(identity.claims).length > mostClaimCharacters) throw failure('sso.too_large');
  if (userId !== null) return link(deps, { provider, identity, userId, next }, call);
  return enterAs(deps, { provider, identity, idToken, next }, call);
}

async function takeOwn(
  { db, masterKey }: SsoDeps,
  { provider, state }: { provider: Provider; state: string | undefined },
  call: Call,
): Promise<{ checks: OidcChecks; userId: string | null; next: string }> {
  const browser = call.cookie(browserCookie);
  if (state === undefined || !isSessionToken(browser)) throw failure('sso.not_started');
  const stateHash = hashToken(state);
  const taken = await takeTransaction(db, { stateHash, browserHash: hashToken(browser), providerId: provider.id });
  if (!taken) throw failure('sso.not_started');
  call.setCookie(browserCookie, '', { clear: true });
  const checks = JSON.parse(unseal({ masterKey, use: 'transaction', bound: stateHash }, taken.sealed)) as OidcChecks;
  return { checks, userId: taken.userId, next: taken.next };
}

interface Come {
  provider: Provider;
  identity: ExternalIdentity;
  next: string;
}

async function enterAs(deps: SsoDeps, { provider, identity, idToken, next }: Come & { idToken: string }, call: Call): Promise<string> {
  const settled = await settle(deps.db, { provider, identity, call });
  if ('refusal' in settled) throw failure(settled.refusal, { reason: `${identity.email ?? 'no e-mail'}, subject ${identity.subject}` });
  const { userId } = settled;
  const sealedIdToken = sealIdToken(deps, provider, { userId, idToken });
  const { hasSecondFactor } = identity;
  const step = hasSecondFactor ? null : await beginSecondStep(deps, { userId, email: await findEmail(deps.db, userId), call });
  if (step === null) {
    await openSession(deps, { provider, userId, hasSecondFactor, sealedIdToken }, call);
    return next;
  }
  await insertStep(deps.db, { tokenHash: step.tokenHash, providerId: provider.id, sealedIdToken });
  return `/sign-in/second-step?${new URLSearchParams({ methods: step.methods.join(' '), ...nextPart(next) })}`;
}

async function link(deps: SsoDeps, { provider, identity, userId, next }: Come & { userId: string }, call: Call): Promise<string> {
  const tokenHash = sessionHash(call);
  const holder = tokenHash === undefined ? undefined : await findSessionHolder(deps.pool, tokenHash);
  if (holder?.userId !== userId) throw failure('sso.link_session');
  await deps.db.transaction().execute(async (trx) => {
    await lockSubject(trx, identity);
    const linked = await findLinkedUser(trx, identity);
    if (linked === userId) return;
    if (linked !== undefined) throw failure('sso.linked_elsewhere');
    const own = await findNamesake(trx, { providerId: provider.id, email: holder.email });
    if (own?.isLinked) throw failure('sso.other_subject');
    await saveLink(trx, identity, { userId, signsIn: false });
    await recordLink(trx, { provider, identity, call }, { userId, email: holder.email });
  });
  return next;
}

export async function listMyLinks({ db }: SsoDeps, actor: Actor) {
  const links = await findLinksOf(db, userOf(actor).userId);
  return links.map((one) => ({ ...one, linkedAt: one.linkedAt.toISOString(), lastSignInAt: one.lastSignInAt?.toISOString() ?? null }));
}

function nextPart(next: string): { next?: string } {
  return next === '/' ? {} : { next };
}

function codeOf(thrown: unknown, otherwise: SsoFailure): SsoFailure {
  const code = thrown instanceof AppError ? thrown.code : '';
  if (code === 'auth.suspended') return 'sso.suspended';
  return isSsoFailure(code) ? code : otherwise;
}

async function failed(deps: SsoDeps, { slug, thrown }: { slug: string; thrown: unknown }, call: Call): Promise<string> {
  const code = codeOf(thrown, 'sso.failed');
  deps.log[code === 'sso.failed' ? 'error' : 'info'](
    { err: thrown, provider: slug, requestId: call.requestId },
    'a sign-in through a provider came to nothing',
  );
  // What nobody began here anybody can send: it must not fill the trail.
  if (code !== 'sso.not_started' && code !== 'sso.unknown_provider') await recordFailure(deps, { slug, code, thrown }, call);
  return `/sign-in/failed?${new URLSearchParams({ reason: code })}`;
}

async function recordFailure({ db, log }: SsoDeps, { slug, code, thrown }: { slug: string; code: SsoFailure; thrown: unknown }, call: Call): Promise<void> {
  const reason = thrown instanceof AppError ? (thrown.details?.['reason'] ?? null) : null;
  const record = db.transaction().execute(async (trx) => {
    const provider = await findProvider(trx, { slug });
    if (!provider) return;
    const actor = { ...(await actorOf(trx, { provider, call })), kind: 'nobody' as const };
    const object = { type: 'sso-provider', id: provider.id, title: provider.title };
    await recordAudit(trx, actor, { action: 'session.sign_in_failed', object, after: { provider: slug, code, reason } });
  });
  await record.catch((error: unknown) => log.error({ err: error }, 'could not record a failed sign-in'));
}
