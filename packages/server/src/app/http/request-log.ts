// One log line per request. Never a query, a header or a one-time link: only what names the operation and how it ended.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../base/logger.ts';

export interface RequestDone {
  method: string;
  /** The pattern of the route (`/api/runs/:id`), or `*` for everything that is none: bounded, so fit for a metric's label. */
  route: string;
  status: number;
  seconds: number;
}

const quiet = new Set(['health.live', 'health.ready', 'health.metrics']);

export function logRequest({ request, reply, log }: { request: FastifyRequest; reply: FastifyReply; log: Logger }): RequestDone {
  const seconds = reply.elapsedTime / 1000;
  const done: RequestDone = { method: request.method, route: request.is404 ? '*' : (request.routeOptions.url ?? '*'), status: reply.statusCode, seconds };
  const { operation } = request.routeOptions.config;
  const level = done.status >= 500 ? 'error' : operation === undefined || quiet.has(operation) ? 'debug' : 'info';
  log[level](
    {
      requestId: request.id,
      method: done.method,
      route: done.route,
      operation,
      subject: subject(request.params),
      status: done.status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
    },
    'request',
  );
  return done;
}

/** The id or slug that the address names; a token there is a secret. */
function subject(params: unknown): string | undefined {
  const { id, slug } = (params ?? {}) as { id?: string; slug?: string };
  return id ?? slug;
}
