// Cross-site request forgery: a request that changes something and rides on a cookie must prove that our own page sent it.
import { NotAllowed } from '@tidewheel/contract/errors';
import type { FastifyRequest } from 'fastify';

type Headers = FastifyRequest['headers'];

/** What a browser says of where a request came from; `unsaid` for everything that is no browser. */
export function originOfRequest(headers: Headers, publicOrigin: string | undefined): 'same' | 'other' | 'unsaid' {
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string' && site !== 'same-origin') return 'other';
  const { origin } = headers;
  if (origin !== undefined) return isOurs(origin, headers.host, publicOrigin) ? 'same' : 'other';
  return site === undefined ? 'unsaid' : 'same';
}

function isOurs(origin: string, host: string | undefined, publicOrigin: string | undefined): boolean {
  if (publicOrigin !== undefined && origin === publicOrigin) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/**
 * Requests with a bearer token are exempt: no browser adds one by itself. Without a cookie there is nothing to ride on, yet a browser's
 * word that the request is foreign still counts (a forged sign-in would put a person into another's account).
 * @throws NotAllowed
 */
export function refuseForgery({ method, headers, publicOrigin }: { method: string; headers: Headers; publicOrigin: string | undefined }): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  if (headers.authorization !== undefined) return;
  const came = originOfRequest(headers, publicOrigin);
  if (came === 'same' || (came === 'unsaid' && headers.cookie === undefined)) return;
  throw new NotAllowed('request.cross_site', 'This request changes something and does not come from this site.', {
    hint: 'Scripts send an API token in the Authorization header instead of the cookie.',
  });
}
