import { InvalidArgumentError } from '@commander-js/extra-typings';
import { updateSecuritySettings } from '@tidewheel/client/routes';
import type { Rate } from '@tidewheel/contract/routes/security';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { printSecurity } from './settings-text.ts';

export function securitySet() {
  return command('set', {
    summary: 'Change some of the limits; every process follows within seconds',
    examples: [
      ['tidewheel security set --egress-allow idp.corp.example:8443,10.20.0.0/16', 'replaces the list; none empties it'],
      ['tidewheel security set --signed-in-rate 100/400 --expensive-rate 10/40', 'requests per second / at once'],
      ['tidewheel security set --cors-origins https://portal.example.com', 'that site may call with an API token'],
    ],
  })
    .option('--egress-allow <places>', 'hosts, addresses and networks that connections may reach besides public ones, by commas; none for none', list)
    .option('--cors-origins <origins>', 'web sites whose scripts may call the API, by commas; none for none', list)
    .option('--open-rate <rate>', 'requests without a sign-in, of each address: per second / at once', rate)
    .option('--signed-in-rate <rate>', 'requests of each user, key or service account', rate)
    .option('--expensive-rate <rate>', 'of those: previews, validations, exports', rate)
    .option('--message-rate <rate>', 'messages of each live channel', rate)
    .option('--upload-max-bytes <n>', 'of one file', positiveCount)
    .option('--uploads-per-workspace <n>', 'at once, in each process', positiveCount)
    .action(async (options) => {
      const context = contextOf(options);
      const { egressAllow, corsOrigins, uploadMaxBytes, uploadsPerWorkspace } = options;
      const rates = { open: options.openRate, signedIn: options.signedInRate, expensive: options.expensiveRate, messages: options.messageRate };
      const body = { egressAllow, corsOrigins, uploadMaxBytes, uploadsPerWorkspace, rates };
      printSecurity(context.print, await (await context.client()).call(updateSecuritySettings, { body }));
    });
}

function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  return text.trim() === 'none' ? [] : items.filter((item) => item !== '');
}

function rate(text: string): Rate {
  const [, perSecond, burst] = /^(\d+(?:\.\d+)?)\/(\d+)$/.exec(text) ?? [];
  if (perSecond === undefined || burst === undefined) throw new InvalidArgumentError('Write it as per second / at once: 50/200.');
  return { perSecond: Number(perSecond), burst: Number(burst) };
}
