// Microsoft Teams by the URL of a workflow ("Post to a channel when a webhook request is received") or an incoming webhook, with an Adaptive Card.
import { type ChannelMessage, defineChannel } from '@tidewheel/kit/define-channel';
import { z } from 'zod';
import { postJson } from './post.ts';

const colors = { info: 'Default', warning: 'Warning', error: 'Attention', critical: 'Attention' } as const;
/** Teams takes 28 kB in one message. */
const mostText = 8_000;

export const teams = defineChannel({
  type: 'teams',
  via: 'call',
  title: 'Microsoft Teams',
  icon: 'brand-teams',
  description: 'An Adaptive Card to the channel or chat that a workflow URL or an incoming webhook leads to.',
  config: z.strictObject({}),
  secret: z.strictObject({
    webhookUrl: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(2_000)
      .meta({ title: 'Workflow or webhook URL', description: 'Whoever knows it may write to the channel, so it counts as a secret', widget: 'password' }),
  }),
  examples: [{ title: 'By a workflow', config: {} }],
  unfinished: ({ secret }) => (secret === null ? [{ path: 'secret.webhookUrl', message: 'is missing' }] : []),
  reaches: () => 'place',
  async send(message, { secret, signal }) {
    const body = JSON.stringify({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(message) }],
    });
    const { status, text } = await postJson({ url: secret?.webhookUrl ?? '', body, signal, name: 'Teams' });
    return { answer: `${status} ${text.slice(0, 200)}`.trim() };
  },
});

// Adaptive Cards 1.4, the newest that Teams draws everywhere. A TextBlock reads Markdown, so what could make links or images is taken from it.
function cardOf({ severity, subject, text, link, workspace, more }: ChannelMessage): object {
  const foot = [workspace, ...(more > 0 ? [`${more} more like this`] : [])].join(' · ');
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', text: plain(subject), weight: 'Bolder', size: 'Medium', wrap: true, color: colors[severity] },
      { type: 'TextBlock', text: plain(text).slice(0, mostText).replaceAll('\n', '\n\n'), wrap: true },
      { type: 'TextBlock', text: plain(foot), isSubtle: true, size: 'Small', wrap: true },
    ],
    ...(link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Look at it', url: link }] }),
  };
}

function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, String.raw`\$&`);
}
