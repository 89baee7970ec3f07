import { showCallback } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runCallback() {
  return command('callback', {
    summary: 'Print the address at which a run is called back',
    description: 'Whoever has it needs no account: give it to the system that is to call, and to nobody else.',
    examples: [['curl -X POST "$(tidewheel run callback latest done)" -H "Content-Type: application/json" -d \'{"rows": 1204}\'', 'call it yourself']],
  })
    .argument('<run>', runArgument)
    .argument('<name>', 'name of the callback')
    .action(async (reference, name, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const address = await client.call(showCallback, { params: { id: await resolveRun(client, reference), name } });
      context.print.result(address, () => context.print.line(address.url));
    });
}
