// The HTTP call as endpoints see it, and the two forms of a cookie's name.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '../../base/endpoint.ts';

export interface Reached {
  /** `https://tidewheel.example`: the address that people use, when it is set. */
  publicOrigin: string | undefined;
  /** Where this server listens. */
  listenOrigin(): string;
  /** Whether people reach it encrypted: by our own TLS or by the public address. */
  https: boolean;
  /** Aborted when the server closes: streams end. */
  closing: AbortSignal;
}

export function createCall({ request, reply, reached }: { request: FastifyRequest; reply: FastifyReply; reached: Reached }): Call {
  const signal = signalOf(reply, reached.closing);
  const { https } = reached;
  return {
    requestId: request.id,
    address: request.ip ?? '',
    workspace: workspaceOf(request),
    headers: flatten(request.headers),
    signal,
    origin: reached.publicOrigin ?? reached.listenOrigin(),
    cookie: (name) => readCookie(request.headers.cookie, cookieName(name, https)),
    setStatus: (status) => void reply.code(status),
    setHeader: (name, value) => void reply.header(name, value),
    setCookie: (name, value, options) => {
      const age = 'clear' in options ? 0 : Math.floor(options.maxAgeSeconds);
      const parts = [`${cookieName(name, https)}=${value}`, 'Path=/', `Max-Age=${age}`, 'HttpOnly', 'SameSite=Lax', ...(https ? ['Secure'] : [])];
      reply.header('set-cookie', parts.join('; '));
    },
  };
}

/** Links, WebSockets and event streams of a browser cannot send a header. */
export const workspaceParameter = 'workspace';

function workspaceOf({ method, headers, query }: FastifyRequest): string | undefined {
  const named = headers['tidewheel-workspace'];
  if (named !== undefined) return String(named).slice(0, 200);
  const value = method === 'GET' || method === 'HEAD' ? (query as Record<string, unknown>)[workspaceParameter] : undefined;
  return value === undefined ? undefined : String(value).slice(0, 200);
}

// Not AbortSignal.any: on a long-lived server each call would leave a reference with the closing signal.
function signalOf(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const end = () => gone.abort();
  closing.addEventListener('abort', end, { once: true });
  reply.raw.once('close', () => {
    closing.removeEventListener('abort', end);
    gone.abort();
  });
  if (closing.aborted) end();
  return gone.signal;
}

/** A browser takes a __Host- cookie only from this very host, over https, for every path: nobody beside us can plant one. */
function cookieName(name: string, https: boolean): string {
  return https ? `__Host-${name}` : name;
}

/** Values are our own tokens in base64url: no decoding is due. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

function flatten(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}
