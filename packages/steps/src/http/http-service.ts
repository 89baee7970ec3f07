// A service as requests are sent to it: below one address, signed in, on connections that requests share.
import { createHash, randomBytes } from 'node:crypto';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { createEgressFetch, type EgressFetch } from '@tidewheel/kit/egress/egress-fetch';
import type { HttpConfig, HttpSecret } from './http-settings.ts';

export interface HttpService {
  /** The address of a path, or of an address below the base. @throws InvalidInput for one that leads elsewhere */
  urlOf(path: string): URL;
  headers: Readonly<Record<string, string>>;
  /** What signs a request in; `isAgain`: what it had before was refused. */
  signIn(signal: AbortSignal, isAgain?: boolean): Promise<Record<string, string>>;
  /** A refused sign-in may work with a new token. */
  renewsSignIn: boolean;
  fetch: EgressFetch;
}

export interface ServiceLimits {
  timeoutMs: number;
  maxBytes: number;
  maxRedirects: number;
}

/** Without a connection: a public address, nobody signed in. */
export function openWeb(limits: ServiceLimits): HttpService {
  const urlOf = (text: string): URL => {
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
    throw new InvalidInput('http.url', `${JSON.stringify(text.slice(0, 200))} is no address.`, {
      hint: 'Give a whole address (https://…), or name a connection.',
    });
  };
  return { urlOf, headers: {}, signIn: async () => ({}), renewsSignIn: false, fetch: createEgressFetch({ class: 'http', ...limits }) };
}

export interface Service {
  config: HttpConfig;
  secret: HttpSecret | null;
  /** Told of each access token before it is used: no log and no answer may show it. */
  keepSecret(token: string): void;
}

export function openService({ config, secret, keepSecret }: Service, limits: ServiceLimits): HttpService {
  const { certificate, ca, verify, headers, auth } = config;
  const client =
    auth === 'certificate' ? { certificate: certificate ?? '', privateKey: needed(secret?.privateKey, auth), passphrase: secret?.passphrase } : undefined;
  const fetch = createEgressFetch({ class: 'host', ...limits, certificateAuthority: ca, verify, client, secretHeaders: config.header ? [config.header] : [] });
  return {
    urlOf: (path) => below(config.url, path),
    headers,
    signIn: (signal, isAgain) => signInHeaders({ config, secret, keepSecret, signal, isAgain: isAgain ?? false }),
    renewsSignIn: auth === 'oauth2',
    fetch,
  };
}

function below(base: string, path: string): URL {
  const root = new URL(base);
  const folder = root.pathname.replace(/\/+$/, '');
  const isWhole = /^https?:\/\//i.test(path);
  const joined = isWhole ? path : `${root.origin}${folder}${path === '' || /^[/?]/.test(path) ? '' : '/'}${path}`;
  if (!URL.canParse(joined)) throw new InvalidInput('http.url', `${JSON.stringify(path.slice(0, 200))} is no path.`);
  const url = new URL(joined);
  const isBelow = url.pathname === folder || url.pathname.startsWith(`${folder}/`);
  if (url.origin === root.origin && isBelow && !/%2e%2e|%2f|%5c/i.test(url.pathname)) return url;
  throw new InvalidInput('http.elsewhere', `${url.origin}${url.pathname} does not lie below ${root.origin}${folder}, where this connection leads.`, {
    hint: 'Use a connection of that address: its sign-in goes nowhere else.',
  });
}

interface SignIn extends Service {
  signal: AbortSignal;
  isAgain: boolean;
}

async function signInHeaders(signIn: SignIn): Promise<Record<string, string>> {
  const { config, secret } = signIn;
  if (config.auth === 'basic') return { authorization: `Basic ${Buffer.from(`${config.user}:${needed(secret?.password, 'basic')}`).toString('base64')}` };
  if (config.auth === 'bearer') return { authorization: `Bearer ${needed(secret?.apiKey, 'bearer')}` };
  if (config.auth === 'header') return { [config.header ?? '']: needed(secret?.apiKey, 'header') };
  if (config.auth === 'oauth2') {
    const token = await accessToken(signIn);
    signIn.keepSecret(token);
    return { authorization: `Bearer ${token}` };
  }
  return {};
}

function needed(value: string | undefined, auth: string): string {
  if (value !== undefined && !/[\r\n\0]/.test(auth === 'certificate' ? '' : value)) return value;
  throw new InvalidInput('http.no_secret', `There is nothing to sign in by ${auth} with.`, {
    hint: 'Enter it in the connection, or name a credential that has it.',
  });
}

/** Keyed by all that a token depends on; a token is asked for anew a little before its end. */
const tokens = new Map<string, { token: string; until: number }>();
const keySalt = randomBytes(32);
const beforeEndMs = 30_000;
const mostTokens = 1_000;

/** RFC 6749, 4.4, the client signed in by 2.3.1. */
async function accessToken({ config, secret, signal, isAgain }: SignIn): Promise<string> {
  const clientSecret = needed(secret?.clientSecret, 'oauth2');
  const { tokenUrl = '', clientId = '', scopes, ca, verify } = config;
  const key = createHash('sha256')
    .update(keySalt)
    .update(JSON.stringify([tokenUrl, clientId, scopes, clientSecret]))
    .digest('hex');
  const known = tokens.get(key);
  if (known && !isAgain && known.until > Date.now()) return known.token;
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+');
  const answer = await createEgressFetch({ class: 'host', timeoutMs: 30_000, maxBytes: 200_000, maxRedirects: 0, certificateAuthority: ca, verify })(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}) }).toString(),
    signal,
  });
  const given = (await answer.json().catch(() => ({}))) as { access_token?: unknown; expires_in?: unknown; error?: unknown };
  if (answer.status >= 500)
    throw new Unreachable('http.token', `${new URL(tokenUrl).origin} gives no access token now (HTTP ${answer.status}).`, {
      hint: 'The step is tried again by itself.',
    });
  if (!answer.ok || typeof given.access_token !== 'string' || /[\r\n\0]/.test(given.access_token))
    throw new InvalidInput(
      'http.token',
      `${new URL(tokenUrl).origin} gives no access token (HTTP ${answer.status}${typeof given.error === 'string' ? `, ${given.error.slice(0, 100)}` : ''}).`,
      {
        hint: 'Check token address, client ID, client secret and scopes.',
      },
    );
  if (tokens.size >= mostTokens) tokens.clear();
  const seconds = Number(given.expires_in);
  tokens.set(key, { token: given.access_token, until: Date.now() + (Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 300_000) - beforeEndMs });
  return given.access_token;
}
