// HTTP: joins the endpoints, the web files, the live channel and the reference page to one Fastify server on one port.
import { setMaxListeners } from 'node:events';
import { Bug, Conflict } from '@tidewheel/contract/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import type { Call, Endpoint } from '../../base/endpoint.ts';
import type { Logger } from '../../base/logger.ts';
import type { Settings } from '../../base/settings.ts';
import type { Limits } from '../../platform/security/live-settings.ts';
import type { Reached } from './call.ts';
import { answerCors } from './cors.ts';
import { believer, createFastify } from './fastify-server.ts';
import { type EndpointServices, mountEndpoint } from './mount-endpoint.ts';
import { trackConnections } from './open-connections.ts';
import { asAppError, problemOf, problemType, retryAfter, unknownAddress } from './problem-reply.ts';
import type { RateGuard } from './rate-guard.ts';
import { mountReference } from './reference-page.ts';
import { logRequest, type RequestDone } from './request-log.ts';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';
import { followTls, listenForRedirects, readTls } from './tls.ts';
import { createUploadGate } from './upload-gate.ts';
import { mountWebFiles } from './web-files.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of the contract's route. */
    operation?: string;
  }
}

export interface HttpOptions {
  endpoints: Endpoint[];
  /** The actor behind a cookie or a bearer token, or null. */
  authenticate(call: Call): Promise<Actor | null>;
  settings: Pick<Settings, 'host' | 'port' | 'publicUrl'> & Partial<Pick<Settings, 'trustedProxies' | 'tls'>>;
  log: Logger;
  /** The folder of the built web application; without it only the API answers. */
  webDist?: string | undefined;
  /** Mounts the WebSocket: see live.ts. */
  live?: ((app: FastifyInstance, services: EndpointServices) => Promise<void>) | undefined;
  /** Told of each answered request, for the metrics. */
  onRequestDone?: ((done: RequestDone) => void) | undefined;
  limits?: Partial<EndpointServices['limits']> | undefined;
  /** Connections of one address at once; those of a configured proxy are everybody's. */
  connectionsOfAddress?: number;
  /** What an administrator set, as it is now. */
  security?: (() => Limits) | undefined;
  /** Without it nobody is limited. */
  guard?: RateGuard | undefined;
  /** Told of what somebody may not do, for the audit trail. */
  refusals?: EndpointServices['refusals'];
}

export interface HttpServer {
  /** `orAnyPort`: takes a free port when the wanted one is taken. @throws Conflict `http.port_in_use` otherwise */
  listen(options?: { orAnyPort?: boolean }): Promise<{ origin: string }>;
  /** Where it listens on this machine, whatever its public address is. */
  listening(): string;
  /** Takes no new requests, ends streams, lets the others finish within five seconds. */
  close(): Promise<void>;
}

const closeGraceMs = 5_000;
const nowhere: ReadonlySet<string> = new Set();
/** JSON escapes can double a flow document of 2 MB. */
const defaultLimits = { jsonBytes: 8_000_000, uploadBytes: 2_000_000_000, bodyWithinMs: 60_000, uploadIdleMs: 60_000 };

export async function createHttp(options: HttpOptions): Promise<HttpServer> {
  const { settings, log } = options;
  const publicOrigin = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin;
  let origin = publicOrigin ?? '';
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const https = settings.tls !== undefined || (publicOrigin?.startsWith('https:') ?? false);
  const reached: Reached = { publicOrigin, listenOrigin: () => origin, https, closing: closing.signal };
  const tls = settings.tls && (await readTls(settings.tls));
  const app = createFastify({ log, trustedProxies: settings.trustedProxies ?? [], tls, sendProblem });
  const connections = trackConnections(app.server, { mostOfAddress: options.connectionsOfAddress ?? 1_000, exempt: believer(settings.trustedProxies ?? []) });
  const services: EndpointServices = {
    authenticate: options.authenticate,
    reached,
    limits: { ...defaultLimits, ...options.limits },
    security: options.security,
    guard: options.guard,
    refusals: options.refusals,
    uploads: createUploadGate(),
  };
  addHooks(app, { https, origins: () => options.security?.().corsOrigins ?? nowhere, onRequestDone: options.onRequestDone, log });
  const closers = settings.tls ? [followRenewals(app, settings.tls, log)] : [];
  await options.live?.(app, services);
  for (const endpoint of options.endpoints) mountEndpoint(app, endpoint, services);
  mountReference(app);
  const servePage = await mountWebFiles(app, options.webDist);
  app.setNotFoundHandler(async (request, reply) => {
    if (await servePage(request, reply)) return reply;
    return sendProblem(unknownAddress(request.url.split('?', 1)[0] ?? ''), request, reply);
  });
  return {
    async listen({ orAnyPort = false } = {}) {
      origin = await listen(app, { ...settings, orAnyPort });
      if (settings.tls?.redirectPort !== undefined) closers.push(await redirectPlain({ ...settings, port: settings.tls.redirectPort, publicOrigin, origin }));
      return { origin: publicOrigin ?? origin };
    },
    listening: () => origin,
    async close() {
      closing.abort();
      for (const end of closers) end();
      // Kept-alive connections become idle one by one as their last answers end.
      const sweep = setInterval(() => connections.endIdle(), 50);
      const force = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
      await app.close();
      clearInterval(sweep);
      clearTimeout(force);
    },
  };
}

type Tls = NonNullable<Settings['tls']>;

function followRenewals(app: FastifyInstance, files: Tls, log: Logger): () => void {
  const server = app.server as unknown as import('node:tls').Server;
  return followTls(files, { everyMs: files.lookEveryMs, use: (material) => server.setSecureContext(material), log });
}

async function redirectPlain(options: { host: string; port: number; publicOrigin: string | undefined; origin: string }): Promise<() => void> {
  const { host, port, publicOrigin, origin } = options;
  const { port: securePort } = new URL(origin);
  const target = (requested: string) => publicOrigin ?? `https://${requested}${securePort === '' ? '' : `:${securePort}`}`;
  const server = await listenForRedirects({ host, port, target });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

interface Hooks {
  https: boolean;
  origins(): ReadonlySet<string>;
  onRequestDone: HttpOptions['onRequestDone'];
  log: Logger;
}

function addHooks(app: FastifyInstance, { https, origins, onRequestDone, log }: Hooks): void {
  const headers = { ...securityHeaders({ https }), 'content-security-policy': contentSecurityPolicy() };
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
    if (answerCors(request, reply, origins())) return reply;
    return undefined;
  });
  app.addHook('onResponse', async (request, reply) => {
    const done = logRequest({ request, reply, log });
    onRequestDone?.(done);
  });
}

function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAppError(thrown);
  if (error instanceof Bug)
    request.log.error({ requestId: request.id, operation: request.routeOptions.config.operation, err: error.cause ?? error }, error.message);
  const wait = retryAfter(error);
  if (wait !== undefined) reply.header('retry-after', wait);
  // A body that nobody reads would hold the connection until all of it has come.
  if (!request.raw.readableEnded && hasLargeBody(request)) reply.header('connection', 'close');
  for (const name of ['content-disposition', 'content-length', 'content-range', 'accept-ranges', 'etag', 'repr-digest']) reply.removeHeader(name);
  return reply
    .code(error.status)
    .header('content-type', problemType)
    .header('cache-control', 'no-store')
    .send(`${JSON.stringify(problemOf(error, request.id))}\n`);
}

function hasLargeBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 100_000;
}

interface ListenOptions extends Pick<Settings, 'host' | 'port'>, Partial<Pick<Settings, 'tls'>> {
  orAnyPort: boolean;
}

async function listen(app: FastifyInstance, { host, port, orAnyPort, tls }: ListenOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (orAnyPort) return listen(app, { host, port: 0, orAnyPort: false, tls });
    throw new Conflict('http.port_in_use', `Port ${port} on ${host} is taken by another program.`, {
      hint: 'Set TIDEWHEEL_PORT to a free port, or to 0 for any.',
      cause: error,
    });
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  const anywhere = host === '0.0.0.0' || host === '::';
  return `${tls ? 'https' : 'http'}://${anywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${taken}`;
}
