// GET /api/openapi.json and its reading room at /api/reference: Scalar, served from here, nothing from elsewhere.
import { gzipSync } from 'node:zlib';
import { NotFound } from '@tidewheel/contract/errors';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { openApiOf } from './openapi.ts';

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Tidewheel API</title><link rel="icon" href="data:,"></head>
  <body><div id="app"></div><script src="/api/reference/scalar.js"></script><script src="/api/reference/start.js"></script></body>
</html>
`;
const start = `Scalar.createApiReference('#app', {
  url: '/api/openapi.json', withDefaultFonts: false, telemetry: false, hideClientButton: true, showDeveloperTools: 'never', agent: { disabled: true }, mcp: { disabled: true },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
});
`;

export function mountReference(app: FastifyInstance): void {
  let document: string | undefined;
  app.get('/api/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(openApiOf(allRoutes));
    return reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-cache').send(document);
  });
  app.get('/api/reference', async (_request, reply) => reply.header('content-type', 'text/html; charset=utf-8').send(page));
  app.get('/api/reference/start.js', async (_request, reply) => reply.header('content-type', 'text/javascript; charset=utf-8').send(start));
  app.get('/api/reference/scalar.js', sendScalar);
}

let scalar: Promise<{ plain: Buffer; gzipped: Buffer }> | undefined;

// 4 MB that most processes never need: loaded when somebody opens the page.
async function sendScalar(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  scalar ??= loadScalar();
  const { plain, gzipped } = await scalar;
  reply.header('content-type', 'text/javascript; charset=utf-8').header('cache-control', 'public, max-age=86400').header('vary', 'accept-encoding');
  if (!(request.headers['accept-encoding'] ?? '').includes('gzip')) return reply.send(plain);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}

/** Scalar's plugin keeps its browser bundle to itself but serves it: asked once, on a server that never listens. */
async function loadScalar(): Promise<{ plain: Buffer; gzipped: Buffer }> {
  const { default: plugin } = await import('@scalar/fastify-api-reference');
  const inner = fastify();
  await inner.register(plugin, { routePrefix: '/reference', configuration: { content: { openapi: '3.1.1', info: { title: '', version: '' }, paths: {} } } });
  const answer = await inner.inject('/reference/js/scalar.js');
  await inner.close();
  if (answer.statusCode !== 200) throw new NotFound('http.reference', 'The reference page is not part of this installation.');
  return { plain: answer.rawPayload, gzipped: gzipSync(answer.rawPayload) };
}
