// HTTP: joins the endpoints, the web files, the live channel and the reference page to one Fastify server on one port.
import { setMaxListeners } from 'node:events';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Bug, Conflict } from '@tidewheel/contract/errors';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import type { Call, Endpoint } from '../../base/endpoint.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { Settings } from '../../base/settings.ts';
import type { Reached } from './call.ts';
import { type EndpointServices, mountEndpoint } from './mount-endpoint.ts';
import { trackConnections } from './open-connections.ts';
import { asAppError, problemOf, problemType, retryAfter, unknownAddress } from './problem-reply.ts';
import { mountReference } from './reference-page.ts';
import { logRequest, type RequestDone } from './request-log.ts';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';
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
  settings: Pick<Settings, 'host' | 'port' | 'publicUrl'> & Partial<Pick<Settings, 'trustedProxies'>>;
  log: Logger;
  /** The folder of the built web application; without it only the API answers. */
  webDist?: string | undefined;
  /** Mounts the WebSocket: see live.ts. */
  live?: ((app: FastifyInstance, services: EndpointServices) => Promise<void>) | undefined;
  /** Told of each answered request, for the metrics. */
  onRequestDone?: ((done: RequestDone) => void) | undefined;
  limits?: Partial<EndpointServices['limits']> | undefined;
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
/** JSON escapes can double a flow document of 2 MB. */
const defaultLimits = { jsonBytes: 8_000_000, uploadBytes: 2_000_000_000 };

export async function createHttp(options: HttpOptions): Promise<HttpServer> {
  const { settings, log } = options;
  const publicOrigin = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl).origin;
  let origin = publicOrigin ?? '';
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const reached: Reached = { publicOrigin, listenOrigin: () => origin, closing: closing.signal };
  const app = createFastify(log, settings.trustedProxies ?? []);
  const connections = trackConnections(app.server);
  const services: EndpointServices = { authenticate: options.authenticate, reached, limits: { ...defaultLimits, ...options.limits } };
  addHooks(app, { https: publicOrigin?.startsWith('https:') ?? false, onRequestDone: options.onRequestDone, log });
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
      return { origin: publicOrigin ?? origin };
    },
    listening: () => origin,
    async close() {
      closing.abort();
      // Kept-alive connections become idle one by one as their last answers end.
      const sweep = setInterval(() => connections.endIdle(), 50);
      const force = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
      await app.close();
      clearInterval(sweep);
      clearTimeout(force);
    },
  };
}

function createFastify(log: Logger, trustedProxies: string[]): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    exposeHeadRoutes: false,
    trustProxy: trustedProxies.length > 0 ? trust(trustedProxies) : false,
    requestTimeout: 600_000,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) return;
      const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
      const body = JSON.stringify({
        type: 'urn:tidewheel:error:request.malformed',
        title: 'Invalid input',
        status: tooLong ? 431 : 400,
        detail: 'This is not a valid HTTP request.',
        code: 'request.malformed',
      });
      const head = tooLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${head}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    },
  }) as unknown as FastifyInstance;
  // Bodies are read by request-input.ts, which knows the route and its limits.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply));
  return app;
}

/** Whether an address is one of the proxies: only then is its word on the client's address believed. */
function trust(networks: string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function addHooks(app: FastifyInstance, { https, onRequestDone, log }: { https: boolean; onRequestDone: HttpOptions['onRequestDone']; log: Logger }): void {
  const headers = { ...securityHeaders({ https }), 'content-security-policy': contentSecurityPolicy() };
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
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

async function listen(app: FastifyInstance, { host, port, orAnyPort }: { host: string; port: number; orAnyPort: boolean }): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (orAnyPort) return listen(app, { host, port: 0, orAnyPort: false });
    throw new Conflict('http.port_in_use', `Port ${port} on ${host} is taken by another program.`, {
      hint: 'Set TIDEWHEEL_PORT to a free port, or to 0 for any.',
      cause: error,
    });
  }
  const address = app.server.address();
  const taken = typeof address === 'object' && address ? address.port : port;
  const anywhere = host === '0.0.0.0' || host === '::';
  return `http://${anywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${taken}`;
}
