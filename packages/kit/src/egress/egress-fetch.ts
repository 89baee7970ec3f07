// HTTP through the egress policy: pinned addresses, redirects checked one by one, limits on time and size. The signature of the platform's fetch, so
// that libraries which take one (openid-client's customFetch) take this.
import { AppError, InvalidInput, NotAllowed, TimedOut, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { egressGeneration, lookupOf, resolveAllowed } from './egress.ts';
import type { EgressClass } from './egress-policy.ts';

export interface EgressFetchOptions {
  /** Default `http`: addresses that a user or a remote party can name. */
  class?: EgressClass;
  /** For everything from the first connection to the last byte of the body. Default 30 s. */
  timeoutMs?: number;
  /** Of the body, unpacked. Default 10 MB. */
  maxBytes?: number;
  /** Default 5; 0 answers with the redirect itself, as does `redirect: 'manual'`. */
  maxRedirects?: number;
  /** Refuse anything but https, also on the way. Default: plain http is let through where the first address has it. */
  httpsOnly?: boolean;
  /** PEM of a private authority that signed the far side's certificate. */
  certificateAuthority?: string | undefined;
  /** A certificate to sign in with and its key, both PEM. No other origin than the first is shown it. */
  client?: { certificate: string; privateKey: string; passphrase?: string | undefined } | undefined;
  /** Default true; false trusts whoever answers at the first origin. */
  verify?: boolean;
  /** Headers that hold a secret, beside the usual ones: no other origin than the first gets them. */
  secretHeaders?: readonly string[];
}

export type EgressFetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

const defaults = {
  class: 'http',
  timeoutMs: 30_000,
  maxBytes: 10_000_000,
  maxRedirects: 5,
  httpsOnly: false,
  certificateAuthority: undefined,
  client: undefined,
  verify: true,
  secretHeaders: [],
} as const;
type Settled = Required<Omit<EgressFetchOptions, 'certificateAuthority' | 'client'>> & Pick<EgressFetchOptions, 'certificateAuthority' | 'client'>;

const credentialHeaders = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];
const bodyHeaders = ['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'];

/** A fetch with these limits. Kept connections are shared by those that make it once and use it often. */
export function createEgressFetch(options: EgressFetchOptions = {}): EgressFetch {
  const settled: Settled = { ...defaults, ...options };
  // Where a far side sends us it named itself, whoever entered its own address: public addresses only, and nothing of ours to sign in with.
  const elsewhere: Settled = { ...settled, class: 'http', client: undefined, verify: true };
  let pool: { own: Agent; other: Agent | undefined; generation: number } | undefined;
  const agentNow = (isElsewhere: boolean) => {
    if (pool?.generation !== egressGeneration()) {
      // A narrowed policy must not live on in connections that were made before it.
      for (const agent of [pool?.own, pool?.other]) void agent?.close().catch(() => {});
      pool = { own: createAgent(settled), other: undefined, generation: egressGeneration() };
    }
    if (isElsewhere) pool.other ??= createAgent(elsewhere);
    return (isElsewhere && pool.other) || pool.own;
  };
  return (input, init = {}) => follow({ url: new URL(parseUrl(input)), init, settled, agentNow });
}

/** @throws NotAllowed, InvalidInput, Unreachable, TimedOut, TooLarge (the last also while the body is read) */
export const egressFetch: EgressFetch = createEgressFetch();

function createAgent({ class: kind, certificateAuthority, timeoutMs, client, verify }: Settled): Agent {
  return new Agent({
    connections: 32,
    keepAliveTimeout: 4_000,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 32_768,
    connect: (options, done) => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      resolveAllowed({ host: options.hostname, port, class: kind }).then(
        (pinned) =>
          buildConnector({
            timeout: Math.min(timeoutMs, 10_000),
            lookup: lookupOf(pinned),
            autoSelectFamily: true,
            minVersion: 'TLSv1.2',
            rejectUnauthorized: verify,
            ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
            ...(client ? { cert: client.certificate, key: client.privateKey, passphrase: client.passphrase } : {}),
          })({ ...options, hostname: pinned.servername ?? pinned.address }, done),
        (error: unknown) => done(error as Error, null),
      );
    },
  });
}

interface Hop {
  url: URL;
  init: RequestInit;
  settled: Settled;
  agentNow(isElsewhere: boolean): Agent;
}

async function follow({ url, init, settled, agentNow }: Hop): Promise<Response> {
  const signal = AbortSignal.any([AbortSignal.timeout(settled.timeoutMs), ...(init.signal ? [init.signal] : [])]);
  let hop = { url, init: { ...init, headers: new Headers(init.headers) } };
  const mostRedirects = init.redirect === 'manual' ? 0 : settled.maxRedirects;
  for (let redirects = 0; ; redirects += 1) {
    requireScheme(hop.url, settled);
    const answer = await send({ ...hop, signal, agent: agentNow(hop.url.origin !== url.origin), settled });
    const location = redirectOf(answer);
    if (location === null || mostRedirects === 0) return limited(answer, { hop, settled });
    void answer.body?.cancel().catch(() => {});
    if (init.redirect === 'error' || redirects >= mostRedirects)
      throw new Unreachable('egress.redirects', `${url.origin} redirects ${init.redirect === 'error' ? 'where none is expected' : 'without end'}.`, {});
    hop = nextHop({ ...hop, status: answer.status, to: parseUrl(location, hop.url), secret: [...credentialHeaders, ...settled.secretHeaders] });
  }
}

function parseUrl(input: string | URL, base?: URL): URL {
  if (!URL.canParse(String(input), base?.href)) throw new InvalidInput('egress.url', `"${String(input).slice(0, 200)}" is not a URL.`);
  return new URL(String(input), base);
}

function requireScheme(url: URL, { httpsOnly }: Settled): void {
  if (url.protocol !== 'https:' && (url.protocol !== 'http:' || httpsOnly))
    throw new InvalidInput('egress.scheme', `${url.protocol}//${url.host} is not ${httpsOnly ? 'https' : 'http or https'}.`);
  if (url.username !== '' || url.password !== '')
    throw new InvalidInput('egress.url_credentials', `A URL of ${url.host} carries a user or password.`, {
      hint: 'Keep the secret in a credential: URLs end up in logs.',
    });
}

type Prepared = RequestInit & { headers: Headers };

async function send(options: { url: URL; init: Prepared; signal: AbortSignal; agent: Agent; settled: Settled }): Promise<Response> {
  const { url, init, signal, agent } = options;
  try {
    const sent = await undiciFetch(url, { ...(init as object), headers: [...init.headers], signal, redirect: 'manual', dispatcher: agent });
    return sent as unknown as Response;
  } catch (thrown) {
    throw failureOf(thrown, url);
  }
}

function redirectOf(answer: Response): string | null {
  return [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.get('location') : null;
}

interface NextHop {
  url: URL;
  init: Prepared;
  status: number;
  to: URL;
  /** Headers that no other origin gets. */
  secret: readonly string[];
}

/** RFC 9110 section 15.4, and what it leaves to us: no way back to plain text, nothing secret to another origin. */
function nextHop({ url, init, status, to, secret }: NextHop): { url: URL; init: Prepared } {
  if (url.protocol === 'https:' && to.protocol !== 'https:')
    throw new NotAllowed('egress.downgrade', `${url.origin} redirects from https to ${to.protocol}//.`);
  const headers = new Headers(init.headers);
  const method = (init.method ?? 'GET').toUpperCase();
  const becomesGet = (status === 303 && method !== 'GET' && method !== 'HEAD') || (status <= 302 && method === 'POST');
  if (to.origin !== url.origin) {
    for (const name of secret) headers.delete(name);
    // A body may hold a client's secret or a code, and which it is cannot be seen from here.
    if (init.body && !becomesGet) throw new NotAllowed('egress.redirected_body', `${url.origin} redirects a request with a body to ${to.origin}.`);
  }
  if (!becomesGet) {
    if (init.body instanceof ReadableStream) throw new Unreachable('egress.redirects', `${url.origin} redirects a request whose body cannot be sent twice.`);
    return { url: to, init: { ...init, headers } };
  }
  for (const name of bodyHeaders) headers.delete(name);
  return { url: to, init: { ...init, method: 'GET', body: null, headers } };
}

/** The answer with a body that ends by TooLarge past the limit; counted after unpacking, so that a small bomb is a large body. */
function limited(answer: Response, { hop, settled }: { hop: { url: URL }; settled: Settled }): Response {
  if (!answer.body) return answer;
  let size = 0;
  const gate = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > settled.maxBytes)
        controller.error(new TooLarge('egress.too_large', `${hop.url.origin} answers with more than ${settled.maxBytes.toLocaleString('en')} bytes.`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = answer;
  const copy = new Response(answer.body.pipeThrough(gate) as ConstructorParameters<typeof Response>[0], { status, statusText, headers: [...headers] });
  Object.defineProperty(copy, 'url', { value: hop.url.href });
  return copy;
}

function failureOf(thrown: unknown, url: URL): Error {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) if (error instanceof AppError) return error;
  const { name, message, cause } = thrown as { name?: string; message?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(cause?.code ?? ''))
    return new TimedOut('egress.timeout', `${url.origin} did not answer in time.`, { cause: thrown });
  if (name === 'AbortError') return thrown as Error;
  return new Unreachable('egress.failed', `${url.origin} cannot be reached: ${cause?.message || message || 'unknown'}`, {
    hint: 'Check the address, and that the far side runs and has a certificate that this machine trusts.',
    cause: thrown,
  });
}
