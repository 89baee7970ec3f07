import { listTransports } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { printFields, printTypes } from '../../type-tables.ts';

export function targetTransports() {
  return command('transports', {
    summary: 'Show the ways to reach a host and their settings',
    examples: [
      ['tidewheel target transports', 'all of them'],
      ['tidewheel target transports ssh', 'the settings of one'],
    ],
  })
    .argument('[kind]', 'only this one, with its settings')
    .action(async (kind, options) => {
      const context = contextOf(options);
      const all = (await (await context.client()).call(listTransports)).map((one) => ({ ...one, type: one.kind }));
      if (kind === undefined) return context.print.result(all, () => printTypes(context.print, all));
      const found = all.find((one) => one.kind === kind);
      if (!found) throw new NotFound('transport.unknown', `There is no transport "${kind}".`, { hint: `There is ${all.map((one) => one.kind).join(', ')}.` });
      context.print.result(found, () => {
        printFields(context.print, found, { set: found.settings, secret: {} });
        context.print.line(`Credentials of type ${found.credentialTypes.join(', ')}.`);
      });
    });
}
