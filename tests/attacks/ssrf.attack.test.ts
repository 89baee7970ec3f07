// The server as a way in: every place where a user names an address, with addresses that lead inside. Forms of addresses, redirects and a DNS that
// changes its mind are tried on the client itself in packages/kit/src/egress.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { internals, type Site, startSite } from './site.ts';

let site: Site;
let inside: Server;
let visits: string[];
let port: number;

beforeAll(async () => {
  site = await startSite();
  visits = [];
  inside = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end('{"secret":"tide-4711"}');
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  port = (inside.address() as AddressInfo).port;
});
afterAll(async () => {
  inside?.close();
  await site?.stop();
});

const hosts = () => [
  'localhost',
  'localhost.',
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '169.254.169.254',
  '[fd00:ec2::254]',
  'metadata.google.internal',
];

describe('an issuer of single sign-on', () => {
  test('inside is not asked', async () => {
    for (const host of hosts()) {
      const answer = await site.ask('POST', '/api/sso/discover', { issuer: `http://${host}:${port}/` });
      expect([host, answer.status >= 400 && answer.status !== 500], answer.text).toEqual([host, true]);
      expect(answer.text).not.toContain('tide-4711');
      expect(answer.text).not.toMatch(internals);
    }
    expect(visits).toEqual([]);
  });
});

describe('a connection', () => {
  test('to this machine or to a metadata service is refused before anything is sent', async () => {
    const hostKey = 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY';
    for (const host of hosts().map((one) => one.replace(/^\[|\]$/g, ''))) {
      const answer = await site.ask('POST', '/api/connections/try', {
        type: 'sftp',
        config: { host, port, user: 'x', hostKey },
        secret: { password: 'does-not-matter' },
      });
      const text = answer.text;
      expect([host, answer.status !== 500], text).toEqual([host, true]);
      expect([host, answer.body['ok'] === true], text).toEqual([host, false]);
    }
    expect(visits).toEqual([]);
  });
});

describe('a mail server', () => {
  test('inside is not spoken to', async () => {
    for (const host of ['127.0.0.1', '169.254.169.254', '::1']) {
      await site.ask('PUT', '/api/mail/settings', { host, port, security: 'none', from: 'a@example.com' });
      const answer = await site.ask('POST', '/api/mail/test', { to: 'b@example.com' });
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      expect(answer.text).not.toMatch(internals);
    }
    expect(visits).toEqual([]);
  });
});

describe('a credential of OAuth 2', () => {
  test('fetches no token from inside', async () => {
    const made = await site.ask('POST', '/api/credentials', {
      slug: 'probe',
      title: 'Probe',
      type: 'oauth2_client',
      fields: { tokenUrl: `http://127.0.0.1:${port}/token`, clientId: 'x' },
      secret: { clientSecret: 'does-not-matter' },
    });
    if (made.status < 300) {
      const answer = await site.ask('POST', '/api/credentials/probe/test');
      expect(answer.body['ok'] === true, answer.text).toBe(false);
      expect(answer.text).not.toContain('tide-4711');
    } else expect(made.status, made.text).toBe(400);
    expect(visits).toEqual([]);
  });
});

describe('the policy', () => {
  test('is changed by nobody who may not, and never opens metadata by a network', async () => {
    const check = async (host: string) => (await site.ask('POST', '/api/security/egress/check', { host, port: 80, class: 'http' })).body;
    expect(await check('169.254.169.254')).toMatchObject({ allowed: false });
    await site.ask('PATCH', '/api/security/settings', { egressAllow: ['0.0.0.0/0', '::/0'] });
    expect(await check('169.254.169.254')).toMatchObject({ allowed: false });
    await site.ask('PATCH', '/api/security/settings', { egressAllow: [] });
  });
});
