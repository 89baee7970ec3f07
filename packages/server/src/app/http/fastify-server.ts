// The Fastify server itself: what it believes, how long it waits, and what it says to those who do not speak HTTP.
import { BlockList, isIP, isIPv6 } from 'node:net';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, LogController } from 'fastify';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import { problemType } from './problem-reply.ts';
import type { TlsMaterial } from './tls.ts';

export interface FastifyOptions {
  log: Logger;
  trustedProxies: string[];
  tls: TlsMaterial | undefined;
  sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

/** A client that sends its head byte by byte has this long (RFC 9110 leaves it to us); uploads may take longer, see request-input.ts. */
const patience = { headersTimeout: 15_000, requestTimeout: 600_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 };

export function createFastify({ log, trustedProxies, tls, sendProblem }: FastifyOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    exposeHeadRoutes: false,
    trustProxy: trustedProxies.length > 0 ? believer(trustedProxies) : false,
    requestTimeout: patience.requestTimeout,
    ...(tls ? { https: { ...tls, ...patience, handshakeTimeout: 10_000 } } : { http: patience }),
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void sendProblem(error, request, reply),
    clientErrorHandler: refuseGarbage,
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
  // Bodies are read by request-input.ts, which knows the route and its limits.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(error, request, reply));
  return app;
}

function refuseGarbage(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (!socket.writable) return;
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = tooLong ? 431 : late ? 408 : 400;
  const body = JSON.stringify({
    type: 'urn:tidewheel:error:request.malformed',
    title: 'Invalid input',
    status,
    detail: late ? 'The request did not come in time.' : 'This is not a valid HTTP request.',
    code: 'request.malformed',
  });
  const head = { 431: '431 Request Header Fields Too Large', 408: '408 Request Timeout', 400: '400 Bad Request' }[status];
  socket.end(`HTTP/1.1 ${head}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}

/** Whether an address is one of the proxies: only then is its word on the client's address believed. */
export function believer(networks: string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
