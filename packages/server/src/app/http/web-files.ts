// The built web application: hashed assets for ever, the page itself fresh each time, and the page again for every address it routes itself.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { Unreachable } from '@tidewheel/contract/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy, inlineScriptHashes } from './security-headers.ts';

/** Addresses under these are never the page's own: a missing asset stays missing. */
const notPages = /^\/(?:api|health|assets)(?:\/|$)/;

/** @returns whether the request was answered with the page. */
export type ServePage = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/** `webDist` undefined or not built yet: no page is served. */
export async function mountWebFiles(app: FastifyInstance, webDist: string | undefined): Promise<ServePage> {
  if (webDist === undefined || !existsSync(path.join(webDist, 'index.html'))) return async () => false;
  await app.register(fastifyStatic, {
    root: path.resolve(webDist),
    serve: false,
    dotfiles: 'ignore',
    cacheControl: false,
    preCompressed: existsSync(path.join(webDist, 'index.html.gz')) || existsSync(path.join(webDist, 'index.html.br')),
    setHeaders: (reply, file) => {
      const isAsset = file.includes(`${path.sep}assets${path.sep}`);
      reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: async ({ params: { '*': file } }, reply) =>
      file === '' || file.endsWith('/') || file === 'index.html' ? reply.callNotFound() : reply.sendFile(file),
  });
  const page = path.join(webDist, 'index.html');
  return async (request, reply) => {
    if (!isNavigation(request)) return false;
    const html = await readFile(page, 'utf8').catch(beingBuilt);
    reply
      .code(200)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', contentSecurityPolicy(inlineScriptHashes(html)))
      .send(html);
    return true;
  };
}

/** Another start of the same checkout builds the pages anew and takes these away for some seconds. */
function beingBuilt(cause: unknown): never {
  throw new Unreachable('web.being_built', 'The pages are being built anew.', { hint: 'Load the page again in a few seconds.', cause });
}

function isNavigation(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const address = request.url.split('?', 1)[0] ?? '';
  if (notPages.test(address)) return false;
  return address === '/' || address === '/index.html' || (request.headers.accept ?? '').includes('text/html');
}
