// An outgoing webhook, signed as Standard Webhooks 1.0 says (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.
import { createHmac } from 'node:crypto';
import { defineChannel } from '@tidewheel/kit/define-channel';
import { z } from 'zod';
import { postJson } from './post.ts';

const prefix = 'whsec_';
/** Fewer bytes than the standard asks for would be guessed. */
const shortestKey = 24;

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(prefix.length), 'base64');
}

export const webhook = defineChannel({
  type: 'webhook',
  via: 'call',
  title: 'Webhook',
  icon: 'webhook',
  description:
    'A signed POST of JSON to an address of yours (Standard Webhooks: headers webhook-id, webhook-timestamp, webhook-signature). Any answer with 2xx counts as taken; a repetition has the same webhook-id.',
  config: z.strictObject({
    url: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(2_000)
      .meta({ title: 'Address', description: 'Where the message is posted to', examples: ['https://hooks.example.org/tidewheel'] }),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header'),
        z
          .string()
          .max(1_000)
          .regex(/^[\x20-\x7e]*$/, 'must be one line of ASCII'),
      )
      .default({})
      .meta({ title: 'Further headers', description: 'Not for secrets: everybody who sees the channel sees them' }),
  }),
  secret: z.strictObject({
    signingSecret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]+=*$/, 'must be whsec_ and then base64')
      .refine((text) => keyOf(text).length >= shortestKey, `must hold at least ${shortestKey} bytes`)
      .meta({
        title: 'Signing secret',
        description: 'whsec_ followed by at least 24 random bytes in base64; the receiver checks the signature with it',
        widget: 'password',
      }),
  }),
  destination: ['url'],
  examples: [{ title: 'To an endpoint of your own', config: { url: 'https://hooks.example.org/tidewheel' } }],
  unfinished: ({ secret }) => (secret === null ? [{ path: 'secret.signingSecret', message: 'is missing: the receiver could not tell who sends' }] : []),
  reaches: () => 'place',
  async send(message, { config, secret, signal, now }) {
    const body = JSON.stringify({ type: message.kind, timestamp: message.at, data: payloadOf(message) });
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const signature = createHmac('sha256', keyOf(secret?.signingSecret ?? ''))
      .update(`${message.id}.${timestamp}.${body}`)
      .digest('base64');
    const headers = { ...config.headers, 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    const { status, text } = await postJson({ url: config.url, body, headers, signal, name: new URL(config.url).host });
    return { answer: `${status} ${text.slice(0, 200)}`.trim() };
  },
});

function payloadOf({ severity, subject, text, link, workspace, flow, object, data, more, isTest }: Parameters<typeof webhook.send>[0]) {
  return { severity, title: subject, text, link, workspace, flow, object, more, data, ...(isTest ? { test: true } : {}) };
}
