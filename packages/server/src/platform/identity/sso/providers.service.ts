// Providers as administrators keep them: only they may, since whoever registers one decides who people are.
import { AppError, Conflict, InvalidInput, NotFound, Unreachable } from '@tidewheel/contract/errors';
import type { RouteReply } from '@tidewheel/contract/route';
import type { discoverSso, SsoMapping, SsoProvider, SsoProviderChange, SsoProviderInput } from '@tidewheel/contract/routes/sso';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { recordAudit } from '../../../storage/audit-record.ts';
import type { Db, IdentityTransaction } from '../identity.store.ts';
import type { IdentityDeps } from '../identity-deps.ts';
import { findPlaces } from './mapping.store.ts';
import { acceptedAlgorithms, type Oidc, type OidcIssuer, type OidcParty } from './oidc-client.ts';
import {
  deleteLinks,
  deleteProvider,
  endProviderSessions,
  findProvider,
  findProviders,
  insertProvider,
  lockProvider,
  type Provider,
  saveProvider,
} from './providers.store.ts';
import { seal, unseal } from './seal.ts';

export interface SsoDeps extends IdentityDeps {
  oidc: Oidc;
}

const mostProviders = 50;

export function redirectUri(origin: string, { slug }: Pick<Provider, 'slug'>): string {
  return `${origin}/api/auth/sso/${slug}/callback`;
}

export function shown({ sealedSecret, updatedAt, ...provider }: Provider, origin: string): SsoProvider {
  return { ...provider, hasSecret: sealedSecret !== null, redirectUri: redirectUri(origin, provider), updatedAt: updatedAt.toISOString() };
}

const objectOf = ({ id, title }: Pick<Provider, 'id' | 'title'>) => ({ type: 'sso-provider', id, title });
/** What the audit trail keeps of a provider. */
function noted({ sealedSecret, users: _users, updatedAt: _at, updatedBy: _by, ...provider }: Provider) {
  return { ...provider, hasSecret: sealedSecret !== null };
}

function fault(path: string, message: string, hint?: string): InvalidInput {
  return new InvalidInput('sso.provider', `${path}: ${message}`, { ...(hint ? { hint } : {}), details: { faults: [{ path, message, severity: 'error' }] } });
}
const unknownProvider = (slug: string) => new NotFound('sso.unknown_provider', `There is no provider "${slug}".`, { hint: 'See the list of providers.' });

/** @throws NotFound */
export async function requireProvider(db: Db, slug: string): Promise<Provider> {
  const provider = await findProvider(db, { slug });
  if (!provider) throw unknownProvider(slug);
  return provider;
}

export function partyOf({ masterKey }: Pick<SsoDeps, 'masterKey'>, { id, issuer, clientId, certificateAuthority, sealedSecret }: Provider): OidcParty {
  const clientSecret = sealedSecret && unseal({ masterKey, use: 'client-secret', bound: id }, sealedSecret);
  return { issuer, clientId, certificateAuthority, clientSecret };
}

export async function listProviders({ db }: SsoDeps, actor: Actor, origin: string): Promise<SsoProvider[]> {
  requirePermission(actor, 'sso.edit');
  return (await findProviders(db)).map((provider) => shown(provider, origin));
}

export async function showProvider({ db }: SsoDeps, actor: Actor, { slug, origin }: { slug: string; origin: string }): Promise<SsoProvider> {
  requirePermission(actor, 'sso.edit');
  return shown(await requireProvider(db, slug), origin);
}

/** @throws InvalidInput, Conflict */
export async function createProvider(
  { db, masterKey }: SsoDeps,
  actor: Actor,
  { input, origin }: { input: SsoProviderInput; origin: string },
): Promise<SsoProvider> {
  requirePermission(actor, 'sso.edit');
  const { clientSecret, ...fields } = input;
  requireSound(fields);
  const id = newId();
  const sealedSecret = clientSecret === null ? null : seal({ masterKey, use: 'client-secret', bound: id }, clientSecret);
  return db.transaction().execute(async (trx) => {
    const all = await findProviders(trx);
    if (all.length >= mostProviders)
      throw new Conflict('sso.too_many', `There are ${mostProviders} providers already.`, { hint: 'Remove one that is not used.' });
    if (all.some((one) => one.slug === input.slug))
      throw new Conflict('sso.exists', `There is a provider "${input.slug}" already.`, { hint: 'Choose another name.' });
    await insertProvider(trx, { ...fields, id, sealedSecret, updatedBy: actor.label });
    const made = await requireProvider(trx, input.slug);
    await recordAudit(trx, actor, { action: 'sso_provider.created', object: objectOf(made), after: noted(made) });
    return shown(made, origin);
  });
}

function requireSound({ emailDomains, provision, linkByEmail, secondFactor, factorValues }: Omit<SsoProviderInput, 'clientSecret' | 'slug'>): void {
  if ((provision || linkByEmail) && emailDomains.length === 0)
    throw fault('emailDomains', 'must name at least one domain when accounts are made or taken over by e-mail', 'List the domains of your own addresses.');
  if (secondFactor === 'claims' && factorValues.length === 0)
    throw fault('factorValues', 'must name what counts, like mfa', 'See which `amr` or `acr` your provider sends: a dry run shows the claims.');
}

/** @throws NotFound, InvalidInput */
export async function updateProvider(
  { db, masterKey }: Pick<SsoDeps, 'db' | 'masterKey'>,
  actor: Actor,
  { slug, change, origin }: { slug: string; change: SsoProviderChange; origin: string },
): Promise<SsoProvider> {
  requirePermission(actor, 'sso.edit');
  const { clientSecret, ...fields } = change;
  return db.transaction().execute(async (trx) => {
    const before = await lockProvider(trx, slug);
    if (!before) throw unknownProvider(slug);
    const wanted = { ...before, ...(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Provider>) };
    requireSound(wanted);
    requireSecretAgain(before, wanted, clientSecret);
    const sealedSecret = clientSecret == null ? clientSecret : seal({ masterKey, use: 'client-secret', bound: before.id }, clientSecret);
    await saveProvider(trx, before.id, { fields, ...(sealedSecret === undefined ? {} : { sealedSecret }), updatedBy: actor.label });
    // Subjects are of an issuer: the same text at another one is somebody else.
    if (wanted.issuer !== before.issuer) await deleteLinks(trx, before.id);
    if (wanted.issuer !== before.issuer || !wanted.enabled) await endProviderSessions(trx, { providerId: before.id });
    const after = await requireProvider(trx, slug);
    await recordAudit(trx, actor, {
      action: 'sso_provider.updated',
      object: objectOf(after),
      before: noted(before),
      after: { ...noted(after), newSecret: clientSecret != null },
    });
    return shown(after, origin);
  });
}

// Else who may edit could have the secret sent to a server of his own.
function requireSecretAgain(before: Provider, wanted: Provider, clientSecret: string | null | undefined): void {
  if (before.sealedSecret === null || clientSecret !== undefined) return;
  const isSame = (['issuer', 'clientId', 'certificateAuthority'] as const).every((name) => before[name] === wanted[name]);
  if (!isSame) throw fault('clientSecret', 'must be given again when issuer, client id or certificate change');
}

/** @throws NotFound */
export async function removeProvider({ db }: Pick<SsoDeps, 'db'>, actor: Actor, slug: string): Promise<{ removed: true; ended: number }> {
  requirePermission(actor, 'sso.edit');
  return db.transaction().execute(async (trx) => {
    const before = await lockProvider(trx, slug);
    if (!before) throw unknownProvider(slug);
    const ended = await endProviderSessions(trx, { providerId: before.id });
    await deleteProvider(trx, before.id);
    await recordAudit(trx, actor, { action: 'sso_provider.removed', object: objectOf(before), before: noted(before), after: { ended } });
    return { removed: true, ended };
  });
}

/** @throws NotFound, InvalidInput for workspaces and roles that are not there */
export async function saveMapping(
  { db }: Pick<SsoDeps, 'db'>,
  actor: Actor,
  { slug, mapping, origin }: { slug: string; mapping: SsoMapping; origin: string },
): Promise<SsoProvider> {
  requirePermission(actor, 'sso.edit');
  return db.transaction().execute(async (trx) => {
    const before = await lockProvider(trx, slug);
    if (!before) throw unknownProvider(slug);
    await requireKnownPlaces(trx, mapping);
    await saveProvider(trx, before.id, { fields: {}, mapping, updatedBy: actor.label });
    await recordAudit(trx, actor, { action: 'sso_mapping.changed', object: objectOf(before), before: before.mapping, after: mapping });
    return shown(await requireProvider(trx, slug), origin);
  });
}

/** @throws InvalidInput that names each rule */
export async function requireKnownPlaces(db: Db | IdentityTransaction, { rules, otherwise }: SsoMapping): Promise<void> {
  const places = await findPlaces(db);
  const named = [...rules.map((place, index) => ({ place, path: `rules.${index}` })), ...(otherwise ? [{ place: otherwise, path: 'otherwise' }] : [])];
  const faults = named.flatMap(({ place, path }) => {
    if (!places.workspaces.has(place.workspace))
      return [{ path: `${path}.workspace`, message: `there is no workspace "${place.workspace}"`, severity: 'error' }];
    return places.has(place) ? [] : [{ path: `${path}.role`, message: `there is no role "${place.role}" in ${place.workspace}`, severity: 'error' }];
  });
  if (faults.length > 0)
    throw new InvalidInput(
      'sso.mapping',
      faults
        .map(({ path, message }) => `${path}: ${message}`)
        .join('; ')
        .slice(0, 2_000),
      {
        hint: 'Name workspaces and roles by their slugs.',
        details: { faults },
      },
    );
}

/** @throws InvalidInput, Unreachable: what an issuer cannot do, or why it cannot be asked */
export async function discoverIssuer({ oidc }: SsoDeps, actor: Actor, issuer: OidcIssuer): Promise<RouteReply<typeof discoverSso>> {
  requirePermission(actor, 'sso.edit');
  const metadata = await oidc.discover(issuer, { afresh: true }).catch((thrown: unknown) => {
    throw unusable(issuer, thrown);
  });
  return {
    issuer: metadata.issuer,
    authorizationEndpoint: metadata.authorization_endpoint ?? '',
    tokenEndpoint: metadata.token_endpoint ?? '',
    signingAlgorithms: (metadata.id_token_signing_alg_values_supported ?? []).filter((algorithm) => acceptedAlgorithms.includes(algorithm)),
    userInfo: metadata.userinfo_endpoint !== undefined,
    endSession: metadata.end_session_endpoint !== undefined,
    namesItself: metadata.authorization_response_iss_parameter_supported === true,
  };
}

// To who may edit the reason is told; who signs in gets none, since it may name hosts inside.
function unusable({ issuer }: OidcIssuer, thrown: unknown): unknown {
  const reason = thrown instanceof AppError ? thrown.details?.['reason'] : undefined;
  if (!(thrown instanceof AppError) || typeof reason !== 'string') return thrown;
  if (!(thrown instanceof Unreachable)) return fault('issuer', `cannot be used: ${reason}`, 'Give the issuer exactly as the provider names it.');
  return new Unreachable(thrown.code, `${issuer} cannot be asked: ${reason}`, {
    hint: 'Check the address. A provider inside your own network must be allowed under Admin > Security or by TIDEWHEEL_EGRESS_ALLOW.',
    cause: thrown,
  });
}
