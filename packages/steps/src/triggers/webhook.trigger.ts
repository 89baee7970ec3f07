import { defineToldTrigger } from '@tidewheel/kit/define-trigger';
import { z } from 'zod';

const headerName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'must be the name of an HTTP header');

export const WebhookConfig = z.strictObject({
  mode: z.enum(['standard', 'hmac', 'bearer', 'basic']).default('standard').meta({
    title: 'How callers prove themselves',
    description:
      'standard: Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature). hmac: an HMAC-SHA-256 of the body in a header, as GitHub sends it. bearer: the secret as a token. basic: a name and the secret as password.',
  }),
  signatureHeader: headerName.default('X-Hub-Signature-256').meta({ title: 'Header of the signature', description: 'Of hmac' }),
  signaturePrefix: z.string().max(50).default('sha256=').meta({ title: 'What stands before the signature', description: 'Of hmac; empty when nothing does' }),
  signatureEncoding: z.enum(['hex', 'base64']).default('hex').meta({ title: 'How the signature is written', description: 'Of hmac' }),
  idHeader: headerName.optional().meta({
    title: 'Header with the id of a call',
    description: 'Of bearer and basic: a call with the same id is the same event. Standard Webhooks has its own; with hmac the signature says it.',
    examples: ['X-GitHub-Delivery', 'Idempotency-Key'],
  }),
  user: z.string().min(1).max(200).optional().meta({ title: 'Name', description: 'Of basic' }),
  body: z.enum(['auto', 'json', 'form', 'text']).default('auto').meta({ title: 'Body', description: 'auto: as its Content-Type says' }),
  headers: z
    .array(headerName)
    .max(20)
    .default([])
    .meta({ title: 'Headers handed on', description: 'Seen as event.headers["x-name"], in lower case; no others are kept', examples: [['X-GitHub-Event']] }),
  maxBytes: z.number().int().min(1).max(60_000).default(60_000).meta({ title: 'Largest body (bytes)' }),
  perSecond: z
    .number()
    .min(0.1)
    .max(10_000)
    .default(100)
    .meta({ title: 'Calls per second', description: 'More are answered 429; twice as many may come at once' }),
  answer: z.enum(['async', 'sync']).default('async').meta({
    title: 'Answer',
    description: 'async: as soon as the run is recorded, with its id. sync: when the run is over, with the outputs that its flow declares.',
  }),
  waitSeconds: z.number().int().min(1).max(60).default(20).meta({ title: 'Wait at most (s)', description: 'Of sync; then the answer is that of async' }),
});
export type WebhookConfig = z.output<typeof WebhookConfig>;

export const webhookTrigger = defineToldTrigger({
  kind: 'webhook',
  how: 'call',
  title: 'Webhook',
  icon: 'webhook',
  description: 'Fires when another system calls an address of its own, with its own secret. The same call fires once.',
  config: WebhookConfig,
  event: z.object({
    id: z.string().describe('Of the call, as far as it has one'),
    body: z.unknown().describe('JSON as it came, a form as fields, else text'),
    headers: z.record(z.string(), z.string()).describe('Those that are handed on'),
    query: z.record(z.string(), z.string()).describe('What stood in the address'),
    receivedAt: z.string(),
  }),
  examples: [
    { title: 'Standard Webhooks', config: {} },
    { title: 'GitHub', config: { mode: 'hmac', headers: ['X-GitHub-Event'] } },
    { title: 'An answer within half a minute', config: { mode: 'bearer', answer: 'sync', waitSeconds: 30 } },
  ],
  check: (config) => (config.mode === 'basic' && config.user === undefined ? [{ path: 'user', message: 'is needed for basic' }] : []),
});
