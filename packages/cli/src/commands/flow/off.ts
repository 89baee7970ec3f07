import { switchFlowOff, switchFlowOn } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function flowOff() {
  return command('off', {
    summary: 'Let a flow start no more runs',
    description: 'It stays in the lists and takes versions; runs that have begun go on. Whoever tries to start it is told the reason.',
    examples: [['tidewheel flow off flight-delays --reason "the source sends rubbish"', 'until `flow on`']],
  })
    .argument('<flow>', 'name of the flow')
    .requiredOption('--reason <text>', 'why, for everybody who would start it')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(switchFlowOff, { params: { slug }, body: { reason: options.reason } });
      context.print.result(flow, () => context.print.line(`${slug} is off: ${flow.off?.reason ?? ''}`));
    });
}

export function flowOn() {
  return command('on', {
    summary: 'Let a flow that was switched off start runs again',
    examples: [['tidewheel flow on flight-delays', 'as before']],
  })
    .argument('<flow>', 'name of the flow')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const flow = await client.call(switchFlowOn, { params: { slug } });
      context.print.result(flow, () => context.print.line(`${slug} is on.`));
    });
}
