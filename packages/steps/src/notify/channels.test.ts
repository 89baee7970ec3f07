// Channels against servers in this process that check signature and form: the real far sides cannot be installed.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChannelMessage } from '@tidewheel/kit/define-channel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slack } from './slack.channel.ts';
import { teams } from './teams.channel.ts';
import { webhook } from './webhook.channel.ts';

interface Seen {
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}
const seen: Seen[] = [];
let answer: (request: Seen, response: ServerResponse) => void = (_request, response) => response.end('ok');
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const one = { url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    seen.push(one);
    answer(one, response);
  });
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen.length = 0;
  answer = (_request, response) => response.end('ok');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const message: ChannelMessage = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  kind: 'run.failed',
  severity: 'error',
  subject: 'Run 7 of <Prices> & more failed',
  text: 'It *failed*: [x](http://evil.example) <!channel>',
  html: '<p>It failed</p>',
  short: 'Run 7 failed',
  link: 'https://tidewheel.example.org/w/main/runs/7',
  workspace: 'Main',
  flow: 'prices',
  object: { type: 'run', id: '7' },
  data: { number: 7 },
  at: '2026-11-20T12:00:00.000Z',
  more: 2,
  isTest: false,
};
const now = new Date('2026-11-20T12:00:05Z');
const signal = new AbortController().signal;
const json = (response: ServerResponse, body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

describe('a webhook', () => {
  const signingSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const send = (over: Partial<ChannelMessage> = {}) =>
    webhook.send(
      { ...message, ...over },
      { config: { url: `${origin}/hook?x=1`, headers: { 'x-team': 'ops' } }, secret: { signingSecret }, to: null, signal, now },
    );

  it('is signed over id, time and body, and says what happened', async () => {
    expect(await send()).toEqual({ answer: '200 ok' });
    const [{ headers, body, url }] = seen as [Seen];
    expect(url).toBe('/hook?x=1');
    expect(headers).toMatchObject({ 'webhook-id': message.id, 'webhook-timestamp': '1795176005', 'x-team': 'ops' });
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update(`${message.id}.1795176005.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.parse(body)).toMatchObject({ type: 'run.failed', timestamp: message.at, data: { title: message.subject, flow: 'prices', more: 2 } });
  });
  it.each([
    [500, undefined, { code: 'channel.unavailable', retryable: true }],
    [410, undefined, { code: 'channel.rejected', retryable: false }],
    [403, undefined, { code: 'channel.refused', retryable: false }],
    [302, undefined, { code: 'channel.rejected' }],
    [429, '17', { code: 'channel.slow_down', details: { retryAfterSeconds: 17 } }],
    [429, '99999999', { details: { retryAfterSeconds: 3600 } }],
    [429, 'soon', { details: { retryAfterSeconds: 30 } }],
  ])('understands the answer %i', async (status, retryAfter, expected) => {
    answer = (_request, response) => response.writeHead(status, { ...(retryAfter ? { 'retry-after': retryAfter } : {}), location: '/x' }).end('no');
    await expect(send()).rejects.toMatchObject(expected);
  });
  it('refuses a secret that is none', () => {
    expect(webhook.secret?.safeParse({ signingSecret: 'whsec_c2hvcnQ=' }).success).toBe(false);
    expect(webhook.unfinished?.({ config: { url: origin, headers: {} }, secret: null })).toHaveLength(1);
  });
});

describe('Slack', () => {
  it('posts blocks to an incoming webhook, and nobody is mentioned by what is quoted', async () => {
    await slack.send(message, { config: { to: 'webhook', apiUrl: origin }, secret: { webhookUrl: `${origin}/services/T/B/x` }, to: null, signal, now });
    const [{ body, url }] = seen as [Seen];
    expect(url).toBe('/services/T/B/x');
    expect(JSON.parse(body)).toMatchObject({ blocks: [{ type: 'header' }, { type: 'section' }, { type: 'actions' }, { type: 'context' }] });
    expect(body).toContain('&lt;!channel&gt;');
    expect(body).toContain('2 more like this');
  });
  it('finds a person by his address and writes to him', async () => {
    answer = ({ url }, response) => {
      if (url.startsWith('/users.lookupByEmail')) json(response, { ok: true, user: { id: 'U7' } });
      else json(response, { ok: true, ts: '1.2' });
    };
    const config = { to: 'people' as const, apiUrl: origin };
    const sent = await slack.send(message, { config, secret: { token: 'xoxb-token-1' }, to: { email: 'ada+x@example.org', name: null }, signal, now });
    expect(sent).toEqual({ answer: 'ok 1.2' });
    expect(seen.map(({ url }) => url)).toEqual(['/users.lookupByEmail?email=ada%2Bx%40example.org', '/chat.postMessage']);
    expect(seen[1]?.headers.authorization).toBe('Bearer xoxb-token-1');
    expect(JSON.parse(seen[1]?.body ?? '')).toMatchObject({ channel: 'U7', unfurl_links: false });
  });
  it.each([
    [{ ok: false, error: 'users_not_found' }, { code: 'channel.recipient_unknown' }],
    [{ ok: false, error: 'invalid_auth' }, { code: 'channel.refused' }],
    [{ ok: false, error: 'channel_not_found' }, { code: 'channel.rejected' }],
    [
      { ok: false, error: 'ratelimited' },
      { code: 'channel.slow_down', details: { retryAfterSeconds: 30 } },
    ],
    [
      { ok: false, error: 'internal_error' },
      { code: 'channel.unavailable', retryable: true },
    ],
    [{ unexpected: true }, { code: 'channel.rejected' }],
  ])('understands %j', async (said, expected) => {
    answer = (_request, response) => json(response, said);
    const config = { to: 'channel' as const, channel: '#ops', apiUrl: origin };
    await expect(slack.send(message, { config, secret: { token: 'xoxb-token-1' }, to: null, signal, now })).rejects.toMatchObject(expected);
  });
  it('takes Retry-After of its rate limit', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end();
    const config = { to: 'channel' as const, channel: '#ops', apiUrl: origin };
    await expect(slack.send(message, { config, secret: { token: 'xoxb-token-1' }, to: null, signal, now })).rejects.toMatchObject({
      details: { retryAfterSeconds: 7 },
    });
  });
  it('says what is missing for its way', () => {
    const faults = slack.unfinished?.({ config: { to: 'channel', apiUrl: origin }, secret: {} });
    expect(faults?.map(({ path }) => path)).toEqual(['secret.token', 'config.channel']);
  });
});

describe('Teams', () => {
  it('posts an Adaptive Card whose text makes no links', async () => {
    answer = (_request, response) => response.writeHead(202).end();
    expect(await teams.send(message, { config: {}, secret: { webhookUrl: `${origin}/workflow?sig=x` }, to: null, signal, now })).toEqual({ answer: '202' });
    const [{ body }] = seen as [Seen];
    const card = (JSON.parse(body) as { attachments: { contentType: string; content: Record<string, unknown> }[] }).attachments[0];
    expect(card).toMatchObject({ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4' } });
    expect(body).toContain(String.raw`\\[x\\](http://evil.example)`);
    expect(card?.content['actions']).toEqual([{ type: 'Action.OpenUrl', title: 'Look at it', url: message.link }]);
  });
});
