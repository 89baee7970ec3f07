// Server-sent events: pulled from the source only as fast as the client reads, with a comment now and then so that proxies keep the line open.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerSentEvent } from '../../base/endpoint.ts';

const keepAliveMs = 15_000;

export function sendEvents({ events, request, reply }: { events: AsyncIterable<ServerSentEvent>; request: FastifyRequest; reply: FastifyReply }): FastifyReply {
  reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store').header('x-accel-buffering', 'no');
  if (request.method === 'HEAD') return reply.send();
  return reply.send(Readable.from(lines(events), { objectMode: false, highWaterMark: 16 * 1024 }));
}

/** The events in wire form (HTML Standard, section 9.2); the first line goes out at once so that the client sees the headers. */
async function* lines(events: AsyncIterable<ServerSentEvent>): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  try {
    yield ': connected\n\n';
    let next = source.next();
    for (;;) {
      const result = await first(next);
      if (result === 'quiet') {
        yield ': still here\n\n';
        continue;
      }
      if (result.done) return;
      yield format(result.value);
      next = source.next();
    }
  } finally {
    await source.return?.();
  }
}

async function first<T>(next: Promise<T>): Promise<T | 'quiet'> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<'quiet'>((resolve) => {
    timer = setTimeout(resolve, keepAliveMs, 'quiet');
  });
  try {
    return await Promise.race([next, quiet]);
  } finally {
    clearTimeout(timer);
  }
}

function format({ event, id, data }: ServerSentEvent): string {
  const text = JSON.stringify(data) ?? 'null';
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`;
}
