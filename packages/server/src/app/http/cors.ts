// Scripts of other web sites (Fetch standard, CORS protocol): none, but those whose origin an administrator named, and these never with a cookie.
import type { FastifyReply, FastifyRequest } from 'fastify';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const requestHeaders = 'authorization, content-type, if-none-match, last-event-id, range, tidewheel-workspace';
const answerHeaders = 'content-disposition, etag, ratelimit, ratelimit-policy, repr-digest, retry-after, x-request-id';
const preflightSeconds = 600;

/** Sets what an origin on the list may see; true when the request was a preflight and is answered. */
export function answerCors(request: FastifyRequest, reply: FastifyReply, origins: ReadonlySet<string>): boolean {
  if (origins.size === 0) return false;
  // The answer depends on it, also for those who send none: a cache must not mix them up.
  reply.header('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.has(origin)) return false;
  // Never Access-Control-Allow-Credentials: other sites call with a token of their own.
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', answerHeaders);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return false;
  reply
    .code(204)
    .header('access-control-allow-methods', methods)
    .header('access-control-allow-headers', requestHeaders)
    .header('access-control-max-age', preflightSeconds)
    .send();
  return true;
}
