import { listConnectors } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import { command, contextOf } from '../../command.ts';
import { printFields, printTypes } from '../../type-tables.ts';

export function connectionTypes() {
  return command('types', {
    summary: 'Show what can be connected to and with which settings',
    examples: [
      ['tidewheel connection types', 'all of them'],
      ['tidewheel connection types sftp', 'the settings of one'],
    ],
  })
    .argument('[type]', 'only this type, with its settings')
    .action(async (type, options) => {
      const context = contextOf(options);
      const connectors = await (await context.client()).call(listConnectors);
      if (type === undefined) return context.print.result(connectors, () => printTypes(context.print, connectors));
      const found = connectorOf(connectors, type);
      context.print.result(found, () => printFields(context.print, found, { set: found.config, secret: found.secret ?? {} }));
    });
}

/** @throws NotFound */
export function connectorOf(connectors: ConnectorInfo[], type: string): ConnectorInfo {
  const found = connectors.find((connector) => connector.type === type);
  if (found) return found;
  throw new NotFound('connector.unknown', `There is no connection type "${type}".`, {
    hint: `There is ${connectors.map((connector) => connector.type).join(', ')}.`,
  });
}
