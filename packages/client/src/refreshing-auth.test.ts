import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { refreshingAuth } from './refreshing-auth.ts';
import { uploadFile, whoAmI } from './routes.ts';

// A server with the rules of the real one: a refresh token works once, and its second use ends the session.
let server: Server;
let origin: string;
let seen: string[];
let generation: number;
let ended: boolean;
let access: string;

function pairOf(n: number, lifeMs = 15 * 60_000): TokenPair {
  access = `access-${n}`;
  const at = new Date(Date.now() + lifeMs).toISOString();
  return { tokenType: 'Bearer', accessToken: access, accessExpiresAt: at, refreshToken: `refresh-${n}`, refreshExpiresAt: at };
}
beforeEach(async () => {
  seen = [];
  generation = 1;
  ended = false;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const answer = (status: number, body: unknown) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
        };
        const refuse = (code: string) => answer(401, { type: 'x', title: 'x', status: 401, code, detail: code });
        seen.push(`${request.url} ${request.headers.authorization ?? '-'}`);
        if (request.url === '/api/auth/refresh') {
          const { refreshToken } = JSON.parse(Buffer.concat(chunks).toString()) as { refreshToken: string };
          if (ended || refreshToken !== `refresh-${generation}`) {
            ended = true;
            return refuse('auth.refresh_reused');
          }
          generation += 1;
          return setTimeout(() => answer(200, pairOf(generation)), 20);
        }
        return ended || request.headers.authorization !== `Bearer ${access}` ? refuse('auth.required') : answer(200, { ok: true });
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});
const refreshes = () => seen.filter((line) => line.startsWith('/api/auth/refresh')).length;

test('a token that is good is used as it is', async () => {
  const client = createClient({ origin, auth: refreshingAuth({ origin, pair: pairOf(1) }) });
  await client.call(whoAmI);
  expect(seen).toEqual(['/api/auth/me Bearer access-1']);
});

test('many calls at once exchange an ended token once, and the new pair is handed over before it is used', async () => {
  const kept: string[] = [];
  const auth = refreshingAuth({ origin, pair: pairOf(1, 10_000), onPair: (pair) => void kept.push(pair.refreshToken) });
  const client = createClient({ origin, auth });
  await Promise.all(Array.from({ length: 20 }, () => client.call(whoAmI)));
  expect([refreshes(), kept, ended]).toEqual([1, ['refresh-2'], false]);
  expect(seen.filter((line) => line.endsWith('Bearer access-2'))).toHaveLength(20);
});

test('a token that the server refuses is exchanged and the call is made once more, for many calls too', async () => {
  const auth = refreshingAuth({ origin, pair: pairOf(1) });
  access = 'nothing is right until the next pair';
  const client = createClient({ origin, auth });
  await Promise.all(Array.from({ length: 10 }, () => client.call(whoAmI)));
  expect([refreshes(), ended]).toEqual([1, false]);
});

test('a session that has ended is said once, without trying on and on', async () => {
  ended = true;
  const client = createClient({ origin, auth: refreshingAuth({ origin, pair: pairOf(1) }) });
  await expect(client.call(whoAmI)).rejects.toMatchObject({ code: 'auth.refresh_reused', status: 401 });
  expect(seen).toHaveLength(2);
});

test('a body that can be read once only is not sent again', async () => {
  const auth = refreshingAuth({ origin, pair: pairOf(1) });
  access = 'another';
  const body = new Blob(['x']).stream() as ReadableStream<Uint8Array>;
  await expect(createClient({ origin, auth }).call(uploadFile, { params: { slug: 'a' }, body } as never)).rejects.toMatchObject({ code: 'auth.required' });
  expect(refreshes()).toBe(0);
});

test('a clock that is ahead by an hour costs no exchange with each call', async () => {
  const auth = refreshingAuth({ origin, pair: pairOf(1, -3_600_000), exchange: async () => pairOf(2, -3_600_000) });
  const client = createClient({ origin, auth });
  for (let i = 0; i < 3; i++) await client.call(whoAmI);
  expect(seen).toEqual(Array(3).fill('/api/auth/me Bearer access-2'));
});
