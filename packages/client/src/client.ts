// The typed HTTP client, for browsers and Node alike.
import { Unreachable } from '@tidewheel/contract/errors';
import type { Route } from '@tidewheel/contract/route';
import { errorFromFailure, errorFromResponse } from './problem-error.ts';
import { addressOf, bodyOf } from './request.ts';
import type { CallArguments, CallOptions, CallResult, RawInput, RouteRef } from './route-ref.ts';

export interface ClientOptions {
  /** `https://tidewheel.example.org`; the page's own origin when omitted in a browser. */
  origin?: string | undefined;
  /** An API token. Browsers leave it out and use the session cookie. */
  token?: string | undefined;
  /** Instead of `token`: tokens that are exchanged as they end, see refreshingAuth. */
  auth?: Auth | undefined;
  /** Slug of the workspace that calls are for. Left out: that of the token, or the one where the session's user worked last. */
  workspace?: string | undefined;
  fetch?: typeof globalThis.fetch | undefined;
}

/** Where a call's token comes from when it changes with time. */
export interface Auth {
  token(): Promise<string>;
  /** The server refused this one. Answers with the one to try instead. @throws the AppError of a session that has ended */
  renew(refused: string): Promise<string>;
}

export interface Client {
  readonly origin: string;
  readonly token: string | undefined;
  readonly auth: Auth | undefined;
  readonly workspace: string | undefined;
  /** Calls a route of the contract. @throws the AppError that the server reported, or Unreachable `server.unreachable`. */
  call<R extends Route>(route: RouteRef<R>, ...rest: CallArguments<R>): Promise<CallResult<R>>;
  /** Calls a route whose answer is a file or a stream; resolves when its headers are there, so the caller reads the body. */
  download<R extends Route>(route: RouteRef<R>, ...rest: CallArguments<R>): Promise<Response>;
  /** The address of a route for a plain link (`<a href download>`). */
  addressOf<R extends Route>(route: RouteRef<R>, ...rest: CallArguments<R>): string;
}

export function createClient(options: ClientOptions = {}): Client {
  const origin = (options.origin ?? ownOrigin()).replace(/\/+$/, '');
  const doFetch = options.fetch ?? globalThis.fetch;
  const send = async (route: RouteRef, input: RawInput = {}, callOptions: CallOptions = {}): Promise<Response> => {
    const attempt = (token: string | undefined): Promise<Response> =>
      doFetch(`${origin}${addressOf(route, input)}`, requestOf({ route, input, options: callOptions, token, workspace: options.workspace })).catch(
        (thrown: unknown) => {
          throw errorFromFailure(thrown, origin);
        },
      );
    const token = options.auth ? await options.auth.token() : options.token;
    const first = await attempt(token);
    // A stream is spent by now.
    const canRepeat = first.status === 401 && options.auth !== undefined && token !== undefined && !(input.body instanceof ReadableStream);
    const response = canRepeat ? await attempt(await options.auth?.renew(token)) : first;
    if (!response.ok) throw await errorFromResponse(response);
    return response;
  };
  return {
    origin,
    token: options.token,
    auth: options.auth,
    workspace: options.workspace,
    download: (route, input?, callOptions?) => send(route, input as RawInput | undefined, callOptions),
    call: async (route, input?, callOptions?) => readJson(await send(route, input as RawInput | undefined, callOptions), origin),
    addressOf: (route, input?, _options?) => `${origin}${addressOf(route, inWorkspace((input as RawInput | undefined) ?? {}, options.workspace))}`,
  };
}

/** A link sends no header: it says its workspace in its query. */
function inWorkspace(input: RawInput, workspace: string | undefined): RawInput {
  return workspace === undefined ? input : { ...input, query: { ...input.query, workspace } };
}

interface Sent {
  route: RouteRef;
  input: RawInput;
  options: CallOptions;
  token: string | undefined;
  workspace: string | undefined;
}

function requestOf(call: Sent): RequestInit {
  const { contentType, ...body } = bodyOf(call.route, call.input);
  const headers: Record<string, string> = { accept: call.route.responseType ?? 'application/json', ...call.options.headers };
  if (contentType) headers['content-type'] = contentType;
  if (call.workspace !== undefined) headers['tidewheel-workspace'] = call.workspace;
  if (call.token) headers.authorization = `Bearer ${call.token}`;
  // `as`: the types of Node and of browsers differ in `duplex` and in the views a body may be.
  return {
    method: call.route.method,
    headers,
    ...body,
    ...(call.options.signal ? { signal: call.options.signal } : {}),
    credentials: 'same-origin',
  } as RequestInit;
}

async function readJson<T>(response: Response, origin: string): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text().catch((thrown: unknown) => {
    throw errorFromFailure(thrown, origin);
  });
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Unreachable('server.answer', `${response.url} did not answer with JSON`, {
      hint: 'Check that the address is that of a Tidewheel server and not of something in front of it.',
      cause,
    });
  }
}

function ownOrigin(): string {
  const location = (globalThis as { location?: { origin: string } }).location;
  return location?.origin ?? 'http://127.0.0.1:8080';
}
