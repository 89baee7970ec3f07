// Somebody else's session: planted, forged, stolen, replayed, ridden on.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Visitor } from '../../packages/server/src/platform/identity/testing/visitor.ts';
import { password, type Site, startSite } from './site.ts';

let site: Site;
let ann: Visitor;
beforeAll(async () => {
  site = await startSite();
  ann = await site.member({ email: 'ann@example.com', role: 'viewer' });
});
afterAll(() => site?.stop());

const call = (address: string, init: RequestInit = {}) => fetch(site.server.origin + address, init);
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
  body: JSON.stringify(body),
});
const login = async () =>
  (await (await call('/api/auth/login', json({ email: 'ann@example.com', password }))).json()) as { accessToken: string; refreshToken: string };

describe('session fixation', () => {
  test('a planted cookie never becomes the session', async () => {
    const planted = 'A'.repeat(43);
    const answer = await call('/api/auth/sign-in', {
      ...json({ email: 'ann@example.com', password }),
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie: `tidewheel=${planted}` },
    });
    expect(answer.status).toBe(200);
    const given = answer.headers.getSetCookie().join();
    expect(given).toMatch(/tidewheel=[A-Za-z0-9_-]{43};/);
    expect(given).not.toContain(planted);
    expect((await call('/api/auth/me', { headers: { cookie: `tidewheel=${planted}` } })).status).toBe(401);
  });

  test('signing in anew ends the session that came along', async () => {
    const first = await call('/api/auth/sign-in', json({ email: 'ann@example.com', password }));
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await call('/api/auth/sign-in', {
      ...json({ email: 'ann@example.com', password }),
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
    });
    expect((await call('/api/auth/me', { headers: { cookie } })).status).toBe(401);
  });

  test('a session in the address, in the body or under another name counts for nothing', async () => {
    const value = ann.cookie?.split('=')[1] ?? '';
    expect((await call(`/api/auth/me?tidewheel=${value}`)).status).not.toBe(200);
    expect((await call('/api/auth/me', { headers: { cookie: `Tidewheel=${value}; session=${value}` } })).status).toBe(401);
    expect((await call('/api/auth/me', { headers: { authorization: `Bearer ${value}` } })).status).toBe(401);
  });
});

describe('requests that ride on a cookie', () => {
  const forged: [string, Record<string, string>][] = [
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sister host', { 'sec-fetch-site': 'same-site' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from an origin that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['without an origin', { origin: 'null' }],
    ['from nowhere', {}],
  ];
  test.each(forged)('%s change nothing', async (_name, headers) => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await call('/api/auth/tokens', {
        method: 'POST',
        body: JSON.stringify({ title: 'x' }),
        headers: { cookie: ann.cookie ?? '', 'content-type': type, ...headers },
      });
      expect(answer.status, type).toBe(403);
    }
  });

  test('a form of our own site with another type is no JSON', async () => {
    const answer = await call('/api/auth/tokens', {
      method: 'POST',
      body: '{"title":"x"}',
      headers: { cookie: ann.cookie ?? '', 'content-type': 'text/plain', 'sec-fetch-site': 'same-origin' },
    });
    expect(answer.status).toBe(400);
  });

  test('no change hides behind a method that is safe', async () => {
    const reading = (await site.operations()).filter(({ method }) => method === 'GET');
    expect(reading.filter(({ operationId }) => /\.(create|update|delete|remove|revoke|archive|set|start|cancel|apply)/i.test(operationId))).toEqual([]);
    const answer = await call('/api/auth/tokens', { headers: { cookie: ann.cookie ?? '', 'x-http-method-override': 'POST' } });
    expect(Array.isArray(await answer.json())).toBe(true);
  });

  test('no answer may be read by another origin', async () => {
    for (const origin of ['https://evil.example', 'null', site.server.origin.replace('http', 'https')]) {
      const answer = await call('/api/auth/me', { headers: { cookie: ann.cookie ?? '', origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const preflight = await call('/api/flows', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('forged access tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const read = (token: string, index: number) => JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>;
  const tried = async (token: string) => (await call('/api/auth/me', { headers: { authorization: `Bearer ${token}` } })).status;

  test('another algorithm, key, type, audience, time, session or workspace is refused', async () => {
    const { accessToken } = await login();
    expect(await tried(accessToken)).toBe(200);
    const [head, claims] = [read(accessToken, 0), read(accessToken, 1)];
    const stranger = generateKeyPairSync('ed25519');
    const signed = (header: object, payload: object, key = stranger.privateKey) => {
      const text = `${part(header)}.${part(payload)}`;
      return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
    };
    const publicPem = stranger.publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const mac = (header: object, payload: object, secret: string) => {
      const text = `${part(header)}.${part(payload)}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const signature = accessToken.split('.')[2] ?? '';
    const forged = {
      none: `${part({ ...head, alg: 'none' })}.${part(claims)}.`,
      'none with a signature': `${part({ ...head, alg: 'none' })}.${part(claims)}.${signature}`,
      'a MAC with the public key': mac({ ...head, alg: 'HS256' }, claims, publicPem),
      'a key of its own': signed(head, claims),
      'its own key in the header': signed({ ...head, jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims),
      'an address of keys': signed({ ...head, jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/x' }, claims),
      'another user under the old signature': `${part(head)}.${part({ ...claims, sub: '01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b' })}.${signature}`,
      'later end under the old signature': `${part(head)}.${part({ ...claims, exp: Number(claims['exp']) + 9_999_999 })}.${signature}`,
      'another type': `${part({ ...head, typ: 'JWT' })}.${part(claims)}.${signature}`,
      'an empty signature': `${accessToken.split('.').slice(0, 2).join('.')}.`,
      'five parts': `${accessToken}.a.b`,
    };
    for (const [name, token] of Object.entries(forged)) expect([name, await tried(token)]).toEqual([name, 401]);
    const { sub: _sub, ...rest } = claims;
    expect(JSON.stringify(rest)).not.toContain('ann@');
  });

  test('a refresh token is no access token, and none of either is a cookie', async () => {
    const { accessToken, refreshToken } = await login();
    expect(await tried(refreshToken)).toBe(401);
    for (const value of [accessToken, refreshToken]) expect((await call('/api/auth/me', { headers: { cookie: `tidewheel=${value}` } })).status).toBe(401);
  });

  test('a stolen refresh token that is used after its owner ends the family at once', async () => {
    const { refreshToken } = await login();
    const next = (await (await call('/api/auth/refresh', json({ refreshToken }))).json()) as { accessToken: string; refreshToken: string };
    expect(await tried(next.accessToken)).toBe(200);
    expect((await call('/api/auth/refresh', json({ refreshToken }))).status).toBe(401);
    expect(await tried(next.accessToken)).toBe(401);
    expect((await call('/api/auth/refresh', json({ refreshToken: next.refreshToken }))).status).toBe(401);
  });
});

describe('a password', () => {
  test('is taken as it is: no space, letter or sign of it is dropped, folded or cut', async () => {
    const exact = `  Spätzle & Zwiebel 🧅 ${'long '.repeat(14)}END `;
    const invited = await site.ask('POST', '/api/invitations', { email: 'exact@example.com', role: 'viewer' });
    const link = `/api/auth/links/${String(invited.body['link']).split('/').at(-1)}`;
    expect((await call(link, json({ email: 'exact@example.com', name: 'Exact', password: exact }))).status).toBe(201);
    const tried = async (given: string) => (await call('/api/auth/sign-in', json({ email: 'exact@example.com', password: given }))).status;
    expect(await tried(exact)).toBe(200);
    // Two writings of the same sign are one (NFKC, as NIST SP 800-63B asks): keyboards differ in them.
    expect(await tried(exact.normalize('NFD'))).toBe(200);
    for (const other of [exact.trim(), exact.toLowerCase(), exact.slice(0, 72)]) expect(await tried(other)).toBe(401);
  });
});

describe('guessing', () => {
  test('says the same of an account that exists and one that does not', async () => {
    const wrong = async (email: string) => {
      const answer = await call('/api/auth/sign-in', json({ email, password: 'not the right one' }));
      const { instance: _instance, ...body } = (await answer.json()) as Record<string, unknown>;
      return [answer.status, body];
    };
    expect(await wrong('ann@example.com')).toEqual(await wrong('nobody-here@example.com'));
    const forgot = async (email: string) => {
      const answer = await call('/api/auth/forgotten-password', json({ email }));
      const { instance: _instance, ...body } = (await answer.json()) as Record<string, unknown>;
      return [answer.status, body];
    };
    expect(await forgot('ann@example.com')).toEqual(await forgot('nobody-here@example.com'));
  });

  test('is slowed down, whatever address the guesser claims', async () => {
    const seen: number[] = [];
    for (let index = 0; index < 9; index++) {
      const answer = await call('/api/auth/sign-in', {
        ...json({ email: 'ann@example.com', password: `guess number ${index}` }),
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `198.51.100.${index}` },
      });
      seen.push(answer.status);
    }
    expect(seen.at(-1)).toBe(429);
  });
});
