// The one file that knows openid-client: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636), state, nonce and issuer check (RFC 9207).
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import { createEgressFetch, type EgressFetch } from '@tidewheel/kit/egress/egress-fetch';
import type { Configuration, CustomFetch, ServerMetadata } from 'openid-client';
import type { Claims } from './external-identity.ts';
import { failure } from './failure.ts';

/** Symmetric ones and `none` are not among them: whoever can check such a token can make it. */
export const acceptedAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const timeoutSeconds = 10;
const maxBytes = 1_000_000;
/** The metadata is asked anew after that. Keys are asked at each sign-in, so that a key withdrawn is withdrawn at once. */
const metadataMs = 5 * 60_000;
const failureMs = 5_000;

export interface OidcIssuer {
  issuer: string;
  certificateAuthority: string | null;
}
export interface OidcParty extends OidcIssuer {
  clientId: string;
  clientSecret: string | null;
}
/** What only this sign-in knows. */
export interface OidcChecks {
  state: string;
  nonce: string;
  verifier: string;
}
export interface OidcAnswer {
  signed: Claims & { sub: string };
  fetched: Claims;
  idToken: string;
}

export interface Oidc {
  discover(issuer: OidcIssuer, options?: { afresh: boolean }): Promise<ServerMetadata>;
  authorizationUrl(party: OidcParty, options: { redirectUri: string; scopes: string[]; checks: OidcChecks }): Promise<URL>;
  /** `answer`: the redirect URI with what the provider put behind it. */
  exchange(party: OidcParty, options: { answer: URL; checks: OidcChecks }): Promise<OidcAnswer>;
  /** null: the provider has none. */
  endSessionUrl(party: OidcParty, options: { idToken: string; returnTo: string }): Promise<URL | null>;
}

interface Known {
  until: number;
  metadata: Promise<ServerMetadata>;
}

export function createOidc(): Oidc {
  const fetches = new Map<string, EgressFetch>();
  const known = new Map<string, Known>();
  const keyOf = ({ issuer, certificateAuthority }: OidcIssuer) => `${issuer}\n${certificateAuthority ?? ''}`;
  const fetchFor = (issuer: OidcIssuer): EgressFetch => {
    const key = keyOf(issuer);
    const made = fetches.get(key) ?? openFetch(issuer);
    fetches.set(key, made);
    return made;
  };
  const discover: Oidc['discover'] = (issuer, { afresh } = { afresh: false }) => {
    const found = known.get(keyOf(issuer));
    if (found && !afresh && found.until > Date.now()) return found.metadata;
    const entry: Known = { until: Date.now() + metadataMs, metadata: askMetadata(issuer, fetchFor(issuer)) };
    entry.metadata.catch(() => {
      entry.until = Date.now() + failureMs;
    });
    known.set(keyOf(issuer), entry);
    return entry.metadata;
  };
  const configure = async (party: OidcParty) => configurationOf(party, await discover(party), fetchFor(party));
  return {
    discover,
    async authorizationUrl(party, { redirectUri, scopes, checks }) {
      const client = await import('openid-client');
      return client.buildAuthorizationUrl(await configure(party), {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...scopes])].join(' '),
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
      });
    },
    async exchange(party, options) {
      const config = await configure(party);
      return exchange(config, options).catch((thrown: unknown) => {
        throw failureOf(thrown);
      });
    },
    async endSessionUrl(party, { idToken, returnTo }) {
      const config = await configure(party);
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      const client = await import('openid-client');
      return client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: returnTo });
    },
  };
}

const isLoopback = ({ issuer }: OidcIssuer) => issuer.startsWith('http://');

function openFetch(issuer: OidcIssuer): EgressFetch {
  return createEgressFetch({
    timeoutMs: timeoutSeconds * 1_000,
    maxBytes,
    httpsOnly: !isLoopback(issuer),
    certificateAuthority: issuer.certificateAuthority ?? undefined,
  });
}

async function askMetadata(issuer: OidcIssuer, fetchOf: EgressFetch): Promise<ServerMetadata> {
  const client = await import('openid-client');
  const found = await client
    .discovery(new URL(issuer.issuer), 'discovery', undefined, client.None(), {
      [client.customFetch]: fetchOf as unknown as CustomFetch,
      timeout: timeoutSeconds,
      ...(isLoopback(issuer) ? { execute: [client.allowInsecureRequests] } : {}),
    })
    .catch((thrown: unknown) => {
      throw failureOf(thrown);
    });
  return requireSound({ ...found.serverMetadata() }, issuer);
}

function requireSound(metadata: ServerMetadata, { issuer }: OidcIssuer): ServerMetadata {
  // openid-client lets some issuers be another one than was asked for.
  if (new URL(metadata.issuer).href !== new URL(issuer).href)
    throw failure('sso.untrusted_answer', { reason: `${issuer} says that its issuer is ${metadata.issuer}` });
  const missing = (['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const).filter((name) => metadata[name] === undefined);
  if (missing.length > 0) throw failure('sso.untrusted_answer', { reason: `${issuer} names no ${missing.join(' and no ')}` });
  const offered = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  const accepted = offered.filter((algorithm) => acceptedAlgorithms.includes(algorithm));
  if (accepted.length === 0) throw failure('sso.untrusted_answer', { reason: `${issuer} signs with ${offered.join(', ')} only` });
  return { ...metadata, id_token_signing_alg_values_supported: accepted };
}

// Made anew for each use: openid-client keeps a provider's keys with it.
async function configurationOf(party: OidcParty, metadata: ServerMetadata, fetchOf: EgressFetch): Promise<Configuration> {
  const client = await import('openid-client');
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const { clientSecret } = party;
  const authentication =
    clientSecret === null
      ? client.None()
      : methods.includes('client_secret_basic')
        ? client.ClientSecretBasic(clientSecret)
        : client.ClientSecretPost(clientSecret);
  const config = new client.Configuration({ ...metadata }, party.clientId, clientSecret === null ? {} : { client_secret: clientSecret }, authentication);
  config[client.customFetch] = fetchOf as unknown as CustomFetch;
  config.timeout = timeoutSeconds;
  // Not on by default: the signature of an ID token that came straight from the provider.
  client.enableNonRepudiationChecks(config);
  if (isLoopback(party)) client.allowInsecureRequests(config);
  return config;
}

async function exchange(config: Configuration, { answer, checks }: { answer: URL; checks: OidcChecks }): Promise<OidcAnswer> {
  const client = await import('openid-client');
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: checks.verifier,
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    idTokenExpected: true,
  });
  const signed = tokens.claims();
  if (!signed || tokens.id_token === undefined) throw failure('sso.untrusted_answer', { reason: 'the provider sent no ID token' });
  const fetched = config.serverMetadata().userinfo_endpoint === undefined ? {} : await client.fetchUserInfo(config, tokens.access_token, signed.sub);
  return { signed, fetched, idToken: tokens.id_token };
}

/** What a thrown error of openid-client means for who signs in, with the reason for administrators. */
function failureOf(thrown: unknown): AppError {
  const chain = causesOf(thrown);
  const own = chain.find((one) => one instanceof AppError);
  if (own instanceof InvalidInput) return own;
  if (own) return own.code.startsWith('sso.') ? own : failure('sso.unreachable', { reason: own.message, cause: own });
  const reason = chain.map(wordsOf).join(': ');
  const { name, code, error } = thrown as { name?: string; code?: string; error?: string };
  if (name === 'AuthorizationResponseError') return failure(error === 'access_denied' ? 'sso.cancelled' : 'sso.provider_refused', { reason, cause: thrown });
  if (name === 'ResponseBodyError') return failure('sso.provider_refused', { reason, cause: thrown });
  const answered = chain.find((one) => one instanceof Response);
  if (code === 'OAUTH_TIMEOUT' || (answered && answered.status >= 500)) return failure('sso.unreachable', { reason, cause: thrown });
  return failure('sso.untrusted_answer', { reason, cause: thrown });
}

function causesOf(thrown: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = thrown; one !== undefined && one !== null && chain.length < 5; one = (one as { cause?: unknown }).cause) chain.push(one);
  return chain;
}

function wordsOf(one: unknown): string {
  if (one instanceof Response) return `it answered ${one.status}`;
  const { error, error_description: description } = one as { error?: string; error_description?: string };
  if (typeof error === 'string') return [error, description].filter((text) => typeof text === 'string').join(', ');
  return one instanceof Error ? one.message : '';
}
