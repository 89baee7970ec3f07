import { endMaintenance, startMaintenance } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function targetMaintenance() {
  return command('maintenance', {
    summary: 'Take a host out of work for a time, or back',
    description: 'Steps that name it fail meanwhile, and can be tried again.',
    examples: [
      ['tidewheel target maintenance web01 --reason "new disks" --until 2026-11-22T06:00:00Z', 'until then'],
      ['tidewheel target maintenance web01 --end', 'back at once'],
    ],
  })
    .argument('<host>', 'name or id of the host')
    .option('--reason <text>', 'why; everybody who meets it is told')
    .option('--from <instant>', 'from then on; now when omitted')
    .option('--until <instant>', 'until then; until --end when omitted')
    .option('--end', 'end it')
    .action(async (host, { reason, from, until, end, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { target: host };
      if (end) {
        const target = await client.call(endMaintenance, { params });
        return context.print.result(target, () => context.print.line(`Host ${target.name} is in work again.`));
      }
      if (reason === undefined) throw new InvalidInput('input.reason', 'Give a reason, or --end', { hint: 'For example --reason "new disks".' });
      const target = await client.call(startMaintenance, { params, body: { reason, from, until } });
      context.print.result(target, () => context.print.line(`Host ${target.name} is in maintenance until ${until ? instant(until) : 'it is ended'}.`));
    });
}
