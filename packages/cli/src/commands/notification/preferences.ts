import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { savePreferences, showPreferences } from '@tidewheel/client/routes';
import type { NotificationPreferences } from '@tidewheel/contract/notify';
import { command, contextOf, gather } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';

export function notificationPreferences() {
  return command('preferences', {
    summary: 'Show or set how I want to be told',
    examples: [
      ['tidewheel notification preferences', 'as they are'],
      ['tidewheel notification preferences --outcomes all --quiet 22:00-07:00 --zone Europe/Paris', 'nothing at night; it comes in the morning'],
      ['tidewheel notification preferences --watch mifir-daily --mute nightly-test', 'every end of one flow, nothing of another'],
    ],
  })
    .option('--on', 'tell me again')
    .addOption(new Option('--off', 'tell me nothing at all').conflicts('on'))
    .addOption(new Option('--outcomes <which>', 'of which ends of runs').choices(['failure', 'success', 'all'] as const))
    .option('--watch <flow>', 'tell me every end of this flow; may be given several times', gather)
    .option('--unwatch <flow>', 'no longer; may be given several times', gather)
    .option('--mute <flow>', 'tell me nothing of this flow; may be given several times', gather)
    .option('--unmute <flow>', 'no longer; may be given several times', gather)
    .option('--mute-channel <channel>', 'nothing by this channel; may be given several times', gather)
    .option('--unmute-channel <channel>', 'no longer; may be given several times', gather)
    .option('--quiet <from-to>', 'hours in which nothing is sent, 22:00-07:00; or off', quiet)
    .option('--zone <zone>', 'my time zone: Europe/Paris')
    .addOption(new Option('--digest <how>', 'one message with everything').choices(['off', 'hourly', 'daily'] as const))
    .option('--digest-at <time>', 'when a daily digest comes: 08:00')
    .addOption(new Option('--critical <when>', 'whether what is critical waits for quiet hours and digests').choices(['at-once', 'waits'] as const))
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const before = await client.call(showPreferences);
      const changed = changedBy(before, options);
      const after = JSON.stringify(changed) === JSON.stringify(before) ? before : await client.call(savePreferences, { body: changed });
      context.print.result(after, () => printPreferences(context.print, after));
    });
}

interface Options {
  on?: true | undefined;
  off?: true | undefined;
  outcomes?: NotificationPreferences['outcomes'] | undefined;
  watch?: string[] | undefined;
  unwatch?: string[] | undefined;
  mute?: string[] | undefined;
  unmute?: string[] | undefined;
  muteChannel?: string[] | undefined;
  unmuteChannel?: string[] | undefined;
  quiet?: NotificationPreferences['quietHours'] | undefined;
  zone?: string | undefined;
  digest?: NotificationPreferences['digest'] | undefined;
  digestAt?: string | undefined;
  critical?: 'at-once' | 'waits' | undefined;
}

function changedBy(before: NotificationPreferences, options: Options): NotificationPreferences {
  return {
    enabled: options.off ? false : options.on ? true : before.enabled,
    outcomes: options.outcomes ?? before.outcomes,
    mutedChannels: listed(before.mutedChannels, options.muteChannel, options.unmuteChannel),
    watch: listed(before.watch, options.watch, options.unwatch),
    mute: listed(before.mute, options.mute, options.unmute),
    timeZone: options.zone ?? before.timeZone,
    quietHours: options.quiet === undefined ? before.quietHours : options.quiet,
    digest: options.digest ?? before.digest,
    digestAt: options.digestAt ?? before.digestAt,
    criticalAtOnce: options.critical === undefined ? before.criticalAtOnce : options.critical === 'at-once',
  };
}

function listed(before: string[], added: string[] = [], removed: string[] = []): string[] {
  return [...new Set([...before, ...added])].filter((name) => !removed.includes(name));
}

function quiet(text: string): NotificationPreferences['quietHours'] {
  if (text === 'off') return null;
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  if (from === undefined || to === undefined) throw new InvalidArgumentError('It must be like 22:00-07:00, or off.');
  return { from, to };
}

function printPreferences(print: Printer, wanted: NotificationPreferences): void {
  print.facts([
    ['Told', wanted.enabled ? 'yes' : 'of nothing at all'],
    ['Runs', wanted.outcomes === 'all' ? 'every end' : wanted.outcomes === 'failure' ? 'failures alone' : 'successes alone'],
    ['Watched', wanted.watch.join(', ')],
    ['Muted', wanted.mute.join(', ')],
    ['Not by', wanted.mutedChannels.join(', ')],
    ['Quiet', wanted.quietHours ? `${wanted.quietHours.from} to ${wanted.quietHours.to}` : 'never'],
    ['Digest', wanted.digest === 'daily' ? `daily at ${wanted.digestAt}` : wanted.digest],
    ['Zone', wanted.timeZone],
    ['Critical', wanted.criticalAtOnce ? 'at once' : 'waits as well'],
  ]);
}
