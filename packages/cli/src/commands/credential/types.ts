import { listCredentialTypes } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printFields, printTypes } from '../../type-tables.ts';
import { credentialTypeOf } from './secret.ts';

export function credentialTypesCommand() {
  return command('types', {
    summary: 'Show what kinds of credentials there are and what they hold',
    examples: [
      ['tidewheel credential types', 'all of them'],
      ['tidewheel credential types ssh', 'the fields of one'],
    ],
  })
    .argument('[type]', 'only this type, with its fields')
    .action(async (type, options) => {
      const context = contextOf(options);
      const client = await context.client();
      if (type === undefined) {
        const types = await client.call(listCredentialTypes);
        return context.print.result(types, () => printTypes(context.print, types));
      }
      const found = await credentialTypeOf(client, type);
      context.print.result(found, () => printFields(context.print, found, { set: found.fields, secret: found.secret }));
    });
}
