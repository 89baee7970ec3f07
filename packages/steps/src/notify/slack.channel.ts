// Slack by an incoming webhook (one place), or by a bot: to a channel, or to each person by his e-mail address. Messages are Block Kit.
import { type AppError, InvalidInput, NotAllowed, NotFound, Unreachable } from '@tidewheel/contract/errors';
import { type ChannelMessage, defineChannel } from '@tidewheel/kit/define-channel';
import { egressFetch } from '@tidewheel/kit/egress/egress-fetch';
import { z } from 'zod';
import { postJson, slowDown } from './post.ts';

const marks = { info: ':information_source:', warning: ':warning:', error: ':x:', critical: ':rotating_light:' } as const;
/** Slack takes 3,000 characters in a section and 150 in a header. */
const mostText = 2_900;
const mostHeader = 150;

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
  user: z.object({ id: z.string() }).optional(),
});

export const slack = defineChannel({
  type: 'slack',
  via: 'call',
  title: 'Slack',
  icon: 'brand-slack',
  description:
    'By an incoming webhook to the one channel it was made for, or by a bot token to a channel or as a direct message to each recipient, who is found by his e-mail address (scopes chat:write, users:read.email).',
  config: z.strictObject({
    to: z
      .enum(['webhook', 'channel', 'people'])
      .default('webhook')
      .meta({ title: 'Goes to', description: 'webhook: where the incoming webhook leads; channel: the one below; people: a direct message to each recipient' }),
    channel: z
      .string()
      .max(100)
      .regex(/^[#A-Za-z0-9_.\-\p{L}]+$/u, 'must be #name or the id of a channel')
      .optional()
      .meta({ title: 'Channel', description: 'Name or id; the bot has to be a member', examples: ['#operations'] }),
    apiUrl: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(500)
      .default('https://slack.com/api')
      .meta({ title: 'API', description: 'Another one for GovSlack' }),
  }),
  secret: z.strictObject({
    webhookUrl: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(2_000)
      .optional()
      .meta({ title: 'Webhook URL', description: 'Whoever knows it may write to the channel, so it counts as a secret', widget: 'password' }),
    token: z.string().min(8).max(500).optional().meta({ title: 'Bot token', description: 'xoxb-…', widget: 'password' }),
  }),
  destination: ['apiUrl'],
  examples: [
    { title: 'An incoming webhook', config: { to: 'webhook' } },
    { title: 'A direct message to each recipient', config: { to: 'people' } },
  ],
  unfinished({ config, secret }) {
    const faults: { path: string; message: string }[] = [];
    if (config.to === 'webhook' && !secret?.webhookUrl) faults.push({ path: 'secret.webhookUrl', message: 'is missing for this way' });
    if (config.to !== 'webhook' && !secret?.token) faults.push({ path: 'secret.token', message: 'is missing for this way' });
    if (config.to === 'channel' && config.channel === undefined) faults.push({ path: 'config.channel', message: 'is missing: which channel?' });
    return faults;
  },
  reaches: ({ to }) => (to === 'people' ? 'people' : 'place'),
  async send(message, { config, secret, to, signal }) {
    const content = { text: plain(message.short).slice(0, mostText), blocks: blocksOf(message) };
    if (config.to === 'webhook') {
      const { text } = await postJson({ url: secret?.webhookUrl ?? '', body: JSON.stringify(content), signal, name: 'Slack' });
      return { answer: text.slice(0, 200) };
    }
    const call = { apiUrl: config.apiUrl, token: secret?.token ?? '', signal };
    const channel = config.to === 'people' ? await findPerson(to?.email ?? '', call) : (config.channel ?? '');
    const answer = await callSlack('chat.postMessage', { ...call, body: { channel, ...content, unfurl_links: false } });
    return { answer: `ok ${answer.ts ?? ''}`.trim() };
  },
});

interface SlackCall {
  apiUrl: string;
  token: string;
  signal: AbortSignal;
}

async function findPerson(email: string, call: SlackCall): Promise<string> {
  const answer = await callSlack(`users.lookupByEmail?email=${encodeURIComponent(email)}`, call);
  if (!answer.user) throw new NotFound('channel.recipient_unknown', `Slack names nobody for ${email}.`);
  return answer.user.id;
}

// Slack answers 200 with { ok: false } for nearly every fault, and 429 with Retry-After when it is too much.
async function callSlack(method: string, { apiUrl, token, signal, body }: SlackCall & { body?: object }): Promise<z.infer<typeof Answer>> {
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json; charset=utf-8' } : {}) };
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await egressFetch(`${apiUrl.replace(/\/+$/, '')}/${method}`, {
    ...init,
    headers,
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  const text = await answer.text();
  if (answer.status === 429) throw slowDown('Slack asks for fewer messages.', answer.headers.get('retry-after'));
  if (answer.status >= 500) throw new Unreachable('channel.unavailable', `Slack answered ${answer.status}.`, {});
  const parsed = Answer.safeParse(parseJson(text));
  if (!parsed.success)
    throw new InvalidInput('channel.rejected', `Slack answered ${answer.status} with something else than it should.`, { hint: 'Check the API address.' });
  if (!parsed.data.ok) throw faultOf(parsed.data.error ?? 'unknown', answer.headers.get('retry-after'));
  return parsed.data;
}

function faultOf(error: string, retryAfter: string | null): AppError {
  const said = `Slack refused: ${error}`;
  if (/^rate_?limited$/.test(error)) return slowDown(said, retryAfter);
  if (error === 'users_not_found')
    return new NotFound('channel.recipient_unknown', 'Slack knows nobody with this e-mail address.', {
      hint: 'Does the account in Slack have the same address?',
    });
  if (/auth|token|scope|account_inactive/.test(error))
    return new NotAllowed('channel.refused', said, { hint: 'Check the bot token and its scopes: chat:write, users:read.email.' });
  if (/internal_error|fatal_error|service_unavailable|request_timeout/.test(error)) return new Unreachable('channel.unavailable', said, {});
  return new InvalidInput('channel.rejected', said, {
    hint: error.includes('channel') ? 'Check the channel, and invite the bot into it.' : 'See the Slack documentation of chat.postMessage.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function blocksOf({ severity, subject, text, link, workspace, more }: ChannelMessage): object[] {
  const context = [workspace, ...(more > 0 ? [`${more} more like this`] : [])].map(plain).join(' · ');
  return [
    { type: 'header', text: { type: 'plain_text', text: `${marks[severity]} ${subject}`.slice(0, mostHeader), emoji: true } },
    { type: 'section', text: { type: 'mrkdwn', text: plain(text).slice(0, mostText) || ' ' } },
    ...(link === null ? [] : [{ type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Look at it' }, url: link }] }]),
    { type: 'context', elements: [{ type: 'mrkdwn', text: context }] },
  ];
}

/** The three characters that mean something to Slack; without them nobody is mentioned and no link is made up. */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
