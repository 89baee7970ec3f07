// A mailbox that is read by IMAP.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { attempt } from '@tidewheel/kit/connection-check';
import { defineConnector } from '@tidewheel/kit/define-connector';
import { resolveAllowed } from '@tidewheel/kit/egress/egress';
import { ImapSecret, ImapTarget, withImap } from '../imap/imap-session.ts';

export const imap = defineConnector({
  type: 'imap',
  title: 'IMAP mailbox',
  icon: 'mail',
  description: 'Reads mails and their attachments. Mail triggers look at it.',
  config: ImapTarget,
  secret: ImapSecret,
  destination: ['host', 'port', 'security', 'certificateAuthority', 'user'],
  examples: [{ title: 'The mailbox of the desk', config: { host: 'imap.example.com', user: 'desk@example.com' } }],
  async test({ config, secret }, { signal }): Promise<TestResult> {
    const started = performance.now();
    const checks: TestResult['checks'] = [];
    const steps: [string, () => Promise<string>][] = [
      [
        'DNS',
        async () =>
          (await resolveAllowed({ host: config.host, port: config.port, class: 'host' }, { signal })).addresses.map(({ address }) => address).join(', '),
      ],
      [
        'sign-in',
        () =>
          withImap({ config, secret, signal }, async (client) => {
            const { messages = 0, unseen = 0 } = (await client.status('INBOX', { messages: true, unseen: true })) || {};
            return `INBOX has ${messages} messages, ${unseen} of them unseen.`;
          }),
      ],
    ];
    for (const [name, work] of steps) {
      checks.push(await attempt(name, work));
      if (!checks.at(-1)?.ok) break;
    }
    return { ok: checks.every((check) => check.ok), ms: Math.round(performance.now() - started), checks };
  },
});
