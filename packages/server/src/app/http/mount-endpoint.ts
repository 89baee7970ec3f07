// One endpoint behind HTTP: who calls, what came in, the handler, what goes out.
import { Bug, NotAllowed, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Route } from '@tidewheel/contract/route';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { type Call, type Download, type Endpoint, type EndpointInput, nobody, type ServerSentEvent } from '../../base/endpoint.ts';
import type { Refusals } from '../../platform/audit/refusals.ts';
import type { Limits } from '../../platform/security/live-settings.ts';
import { createCall, type Reached } from './call.ts';
import { sendDownload } from './download-reply.ts';
import { sendEvents } from './event-stream.ts';
import type { RateGuard } from './rate-guard.ts';
import { type InputLimits, readInput } from './request-input.ts';
import { refuseForgery } from './same-origin.ts';
import type { UploadGate } from './upload-gate.ts';

export interface EndpointServices {
  /** The actor behind a cookie or bearer token; null when there is none or it is not valid (any more). */
  authenticate(call: Call): Promise<Actor | null>;
  reached: Reached;
  limits: InputLimits;
  /** What an administrator set; the defaults without it. */
  security?: (() => Limits) | undefined;
  guard?: RateGuard | undefined;
  /** Told of what somebody may not do. */
  refusals?: Pick<Refusals, 'note'> | undefined;
  uploads: UploadGate;
}

export function mountEndpoint(app: FastifyInstance, { route, handle }: Endpoint, services: EndpointServices): void {
  if (route.bodyType === 'multipart/form-data')
    throw new Bug('http.body_type', `${route.name}: multipart bodies are not mounted; take application/octet-stream.`);
  app.route({
    method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    config: { operation: route.name },
    handler: async (request, reply) => {
      refuseForgery({ method: request.method, headers: request.headers, publicOrigin: services.reached.publicOrigin });
      const call = createCall({ request, reply, reached: services.reached });
      const actor = { ...(await admit({ route, call, services })), via: { requestId: call.requestId, address: call.address } };
      const leave = enterUpload(route, actor, services);
      if (leave) reply.raw.once('close', leave);
      const input = await readInput(route, request, inputLimits(services));
      const answer = () => handle({ ...input, actor, call } as EndpointInput<Route>);
      const result: unknown = await noted(services, { actor, route }, route.cost === 'own' ? () => countWrong(services, { call, answer }) : answer);
      return send({ route, result, request, reply });
    },
  });
}

/** The route's own say on who may call and how often; services check again for themselves. @throws NotSignedIn, NotAllowed, TooMany */
async function admit({ route, call, services }: { route: Route; call: Call; services: EndpointServices }): Promise<Actor> {
  services.guard?.enter(route, call);
  const { access } = route;
  if (access === 'open') return nobody;
  const actor = await services.authenticate(call);
  if (actor) services.guard?.admitted(route, actor, call);
  else services.guard?.refused(call);
  const via = { requestId: call.requestId, address: call.address };
  return noted(services, { actor: actor && { ...actor, via }, route }, async () => {
    const admitted = admitActor(actor, access);
    refuseLimitedKey(route, admitted);
    return admitted;
  });
}

/** Of a route that limits its callers itself: those who prove nothing, or call what is not there, are counted by their address. @throws TooMany */
async function countWrong({ guard }: EndpointServices, { call, answer }: { call: Call; answer(): Promise<unknown> }): Promise<unknown> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof NotSignedIn || error instanceof NotFound) guard?.refused(call);
    throw error;
  }
}

/** Refusals of the work are noted, and go on to whoever called. */
async function noted<T>({ refusals }: EndpointServices, { actor, route }: { actor: Actor | null; route: Route }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    refusals?.note({ actor, error, route: route.name });
    throw error;
  }
}

/** Else a stolen key with a small scope could end sessions or make itself a bigger one. @throws NotAllowed */
function refuseLimitedKey({ access, method }: Route, actor: Actor): void {
  if (access !== 'signedIn' || method === 'GET' || !actor.isLimited) return;
  throw new NotAllowed('key.limited', 'This key has limits of its own: with it nobody can change the account that it belongs to.', {
    hint: 'Sign in, or use a token without a scope and networks.',
  });
}

function enterUpload(route: Route, actor: Actor, { security, uploads }: EndpointServices): (() => void) | undefined {
  if (route.bodyType !== 'application/octet-stream' || !security) return undefined;
  return uploads.enter(actor.workspaceId, security().uploadsPerWorkspace);
}

function inputLimits({ limits, security }: EndpointServices): InputLimits {
  return security ? { ...limits, uploadBytes: security().uploadMaxBytes } : limits;
}

export function admitActor(actor: Actor | null, access: Exclude<Route['access'], 'open'>): Actor {
  if (!actor) throw new NotSignedIn('auth.required', 'This needs a signed-in user.', { hint: 'Sign in, or send an API token: Authorization: Bearer tw_…' });
  if (access !== 'signedIn') requirePermission(actor, access);
  return actor;
}

interface Outgoing {
  route: Route;
  result: unknown;
  request: FastifyRequest;
  reply: FastifyReply;
}

function send({ route, result, request, reply }: Outgoing): FastifyReply {
  // A handler that chose its own status (503 with its reasons) keeps it.
  if (reply.statusCode === 200 && route.status !== undefined) reply.code(route.status);
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  if (route.responseType === 'text/event-stream') return sendEvents({ events: result as AsyncIterable<ServerSentEvent>, request, reply });
  if (route.responseType !== undefined) return sendDownload({ download: result as Download, request, reply });
  if (route.status === 204) return reply.send();
  const body = serialize(route, result);
  reply.header('content-type', 'application/json; charset=utf-8');
  return reply.send(body);
}

/** Through the schema, so that nothing leaves that the contract does not name. */
function serialize(route: Route, result: unknown): string {
  const parsed = route.response.safeParse(result);
  // The line break is for those who read it in a terminal.
  if (parsed.success) return `${JSON.stringify(parsed.data)}\n`;
  const faults = parsed.error.issues.slice(0, 10).map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
  throw new Bug('http.response', `${route.name} answered with what its contract does not allow: ${faults.join('; ')}`);
}
