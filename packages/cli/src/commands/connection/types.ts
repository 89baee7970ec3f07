import { listConnectors } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { plain } from '../../output/text.ts';
import { schemaFields } from '../../schema-fields.ts';

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
      context.print.result(found, () => printSettings(context.print, found));
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

function printTypes(print: Printer, connectors: ConnectorInfo[]): void {
  print.table(
    [
      { title: 'Type', value: (connector) => connector.type, whole: true },
      { title: 'Title', value: (connector) => connector.title },
      { title: 'What', value: (connector) => connector.description },
    ],
    connectors,
  );
}

function printSettings(print: Printer, connector: ConnectorInfo): void {
  print.line(`${plain(connector.title)}: ${plain(connector.description)}\n`);
  const rows = [
    ...schemaFields(connector.config).map((field) => ({ ...field, option: '--set' })),
    ...schemaFields(connector.secret ?? {}).map((field) => ({ ...field, option: '--secret' })),
  ];
  print.table(
    [
      { title: 'Option', value: (row) => row.option },
      { title: 'Name', value: (row) => row.name, whole: true },
      { title: 'Type', value: (row) => row.type },
      { title: 'Default', value: (row) => (row.isRequired ? '(required)' : row.default) },
      { title: 'Meaning', value: (row) => row.text },
    ],
    rows,
  );
}
