import { listCredentialTypes } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { plain } from '../../output/text.ts';
import { schemaFields } from '../../schema-fields.ts';
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
      const { print } = context;
      if (type === undefined) {
        const types = await client.call(listCredentialTypes);
        return print.result(types, () =>
          print.table(
            [
              { title: 'Type', value: (one) => one.type, whole: true },
              { title: 'Title', value: (one) => one.title },
              { title: 'What', value: (one) => one.description },
            ],
            types,
          ),
        );
      }
      const found = await credentialTypeOf(client, type);
      print.result(found, () => {
        print.line(`${plain(found.title)}: ${plain(found.description)}\n`);
        print.table(
          [
            { title: 'Option', value: (row) => row.option },
            { title: 'Name', value: (row) => row.name, whole: true },
            { title: 'Type', value: (row) => row.type },
            { title: 'Default', value: (row) => (row.isRequired ? '(required)' : row.default) },
            { title: 'Meaning', value: (row) => row.text },
          ],
          [
            ...schemaFields(found.fields).map((field) => ({ ...field, option: '--set' })),
            ...schemaFields(found.secret).map((field) => ({ ...field, option: '--secret' })),
          ],
        );
      });
    });
}
