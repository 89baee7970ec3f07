import { listChannelTypes } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { ChannelType } from '@tidewheel/contract/notify';
import { command, contextOf } from '../../command.ts';
import { printFields, printTypes } from '../../type-tables.ts';

export function channelTypes() {
  return command('types', {
    summary: 'Show what types of channels there are and with which settings',
    examples: [
      ['tidewheel channel types', 'all of them'],
      ['tidewheel channel types slack', 'the settings of one'],
    ],
  })
    .argument('[type]', 'only this type, with its settings')
    .action(async (type, options) => {
      const context = contextOf(options);
      const types = await (await context.client()).call(listChannelTypes);
      if (type === undefined) return context.print.result(types, () => printTypes(context.print, types));
      const found = channelTypeOf(types, type);
      context.print.result(found, () => printFields(context.print, found, { set: found.config, secret: found.secret ?? {} }));
    });
}

/** @throws NotFound */
export function channelTypeOf(types: ChannelType[], type: string): ChannelType {
  const found = types.find((one) => one.type === type);
  if (found) return found;
  throw new NotFound('channel_type.unknown', `There is no type of channels "${type}".`, { hint: `There is ${types.map((one) => one.type).join(', ')}.` });
}
