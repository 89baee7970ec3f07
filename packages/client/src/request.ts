// Turns a route and its input into a fetch request.
import { Bug } from '@tidewheel/contract/errors';
import type { RawInput, RouteRef, UploadBody } from './route-ref.ts';

/** Path and query of a call. Path parameters are encoded; undefined query values are left out. */
export function addressOf(route: RouteRef, input: RawInput): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pathParameter(route, input, name)));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== null) query.append(key, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

function pathParameter(route: RouteRef, input: RawInput, name: string): string {
  const value = input.params?.[name];
  // An empty or dotted segment would be another address after normalization.
  if (value === undefined || value === '' || value === '.' || value === '..')
    throw new Bug('client.parameter', `${route.name} needs a value for {${name}} in its address, not ${JSON.stringify(value)}`);
  return String(value);
}

/** Body and its media type, as fetch takes them. */
export function bodyOf(route: RouteRef, input: RawInput): { body?: UploadBody; contentType?: string; duplex?: 'half' } {
  if (input.body === undefined) return {};
  if (route.bodyType === undefined) return { body: JSON.stringify(input.body), contentType: 'application/json' };
  const streamed = input.body instanceof ReadableStream;
  return { body: input.body as UploadBody, contentType: route.bodyType, ...(streamed ? { duplex: 'half' } : {}) };
}
