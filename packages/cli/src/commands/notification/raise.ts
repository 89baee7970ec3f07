import { Option } from '@commander-js/extra-typings';
import { raiseNotification } from '@tidewheel/client/routes';
import { severities } from '@tidewheel/contract/notification';
import { command, contextOf, gather } from '../../command.ts';
import { valuesFrom } from '../../parameter-values.ts';

export function notificationRaise() {
  return command('raise', {
    summary: 'Raise a notification event',
    examples: [
      ['tidewheel notification raise "Prices are late" --kind feed.late --severity warning', 'with a kind of your own'],
      ['tidewheel notification raise "Backup done" --data size=12 --key "$(date +%F)"', 'only once for this key'],
    ],
  })
    .argument('<title>', 'what happened, in a few words')
    .option('--kind <kind>', 'what sort of event it is: feed.late', 'custom')
    .addOption(new Option('--severity <severity>', 'how grave it is').choices(severities).default('info' as const))
    .option('--text <text>', 'more about it')
    .option('--data <name=value>', 'a figure or a word that goes with it; may be given several times', gather)
    .option('--key <text>', 'idempotency key: a second one with the same key raises nothing new')
    .action(async (title, options) => {
      const context = contextOf(options);
      const { kind, severity, text, key } = options;
      const body = { title, kind, severity, data: valuesFrom(options.data ?? [], {}), ...(text === undefined ? {} : { text }) };
      const client = await context.client();
      const event = await client.call(raiseNotification, { body: key === undefined ? body : { ...body, idempotencyKey: key } });
      context.print.result(event, () => context.print.line(`Raised ${event.kind} (${event.id}).`));
    });
}
