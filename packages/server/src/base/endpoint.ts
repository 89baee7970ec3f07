// An endpoint joins a route of the contract with the function that answers it. HTTP itself lives in app/http.
import type { Readable } from 'node:stream';
import type { Route, RouteParsed, RouteReply } from '@tidewheel/contract/route';
import { unattendedHeader } from '@tidewheel/contract/unattended';
import type { Actor } from './actor.ts';

/** What an endpoint may know of the HTTP call. */
export interface Call {
  requestId: string;
  /** The peer's address (the proxy's word only when a proxy is configured). */
  address: string;
  /** The workspace that the call names (a slug), by the header Tidewheel-Workspace or, for links, the query parameter `workspace`. */
  workspace: string | undefined;
  headers: Record<string, string | undefined>;
  /** Ends when the client goes away. */
  signal: AbortSignal;
  /** `http://127.0.0.1:8080`: where this server is reached. */
  origin: string;
  /** The value of one of our cookies, by the name it was set with. */
  cookie(name: string): string | undefined;
  /** Another status than the route's, e.g. 503 with a body that says why. */
  setStatus(status: number): void;
  setHeader(name: string, value: string): void;
  /** HttpOnly, SameSite=Lax, Path=/; on https also Secure and under the __Host- prefix. */
  setCookie(name: string, value: string, options: { maxAgeSeconds: number } | { clear: true }): void;
}

/** The same call for asking again who calls: a channel or stream that is merely open is no use of the session. */
export function unattended(call: Call): Call {
  return { ...call, headers: { ...call.headers, [unattendedHeader]: 'open' } };
}

/** The answer of a route whose `responseType` is not JSON. */
export interface Download {
  stream: Readable;
  mediaType: string;
  fileName?: string;
  size?: number;
  sha256?: string;
}

export type EndpointReply<R extends Route> = R['responseType'] extends 'application/octet-stream' | 'application/yaml'
  ? Download
  : R['responseType'] extends 'text/event-stream'
    ? AsyncIterable<ServerSentEvent>
    : RouteReply<R>;

export interface ServerSentEvent {
  event: string;
  id?: string;
  data: unknown;
}

/** A body of a route that takes any type. */
export interface RawBody {
  /** Its Content-Type; empty when it has none. */
  type: string;
  bytes: Buffer;
}

/** `body` is a Readable when the route's bodyType is application/octet-stream. On open routes the actor has no permissions and no user. */
export type EndpointInput<R extends Route> = Omit<RouteParsed<R>, 'body'> & {
  body: R['bodyType'] extends 'application/octet-stream' ? Readable : R['bodyType'] extends '*/*' ? RawBody : RouteParsed<R>['body'];
  actor: Actor;
  call: Call;
};

export interface Endpoint<R extends Route = Route> {
  route: R;
  handle(input: EndpointInput<R>): Promise<EndpointReply<R>>;
}

/** The actor of a call that nobody signed in for. */
export const nobody: Actor = { userId: null, label: 'nobody', workspaceId: '', role: null, permissions: new Set() };

/** Binds a handler to a route with its exact types; the list that holds it forgets them again. */
export function endpoint<R extends Route>(route: R, handle: (input: EndpointInput<R>) => Promise<EndpointReply<R>>): Endpoint {
  return { route, handle } as unknown as Endpoint;
}
