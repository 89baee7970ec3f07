import { createCredential } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { settingHelp } from '../connection/settings.ts';
import { credentialHelp, credentialTypeOf, expiryFrom, fieldsFrom, limitsFrom, requiredSecret } from './secret.ts';

export function credentialCreate() {
  return command('create', {
    summary: 'Create a credential; its secret comes from a file or stdin, never from the command line',
    examples: [
      ['tidewheel credential create bank-sftp --type ssh --set user=acme --secret privateKey=@id_ed25519 --host sftp.bank.example', 'a key for one host'],
      ['tidewheel credential create warehouse --type database --set user=etl --secret password=- --expires 2027-03-31 < password.txt', 'with an end'],
    ],
  })
    .argument('<name>', 'name by which connections refer to it: a-z, 0-9 and -')
    .requiredOption('--type <type>', 'what it is; see `tidewheel credential types`')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--description <text>', 'what it is for')
    .option(...credentialHelp.set, gather)
    .option(...settingHelp.secret, gather)
    .option(...settingHelp.secrets)
    .option(...credentialHelp.host, gather)
    .option(...credentialHelp.connection, gather)
    .option(...credentialHelp.expires)
    .option(...credentialHelp.remind, gather)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const type = await credentialTypeOf(client, options.type);
      const fields = await fieldsFrom(type, options.set ?? []);
      const secret = await requiredSecret(options);
      const credential = await client.call(createCredential, {
        body: {
          slug,
          type: options.type,
          title: options.title ?? slug,
          fields,
          secret,
          ...(options.description === undefined ? {} : { description: options.description }),
          ...limitsFrom(options),
          ...expiryFrom(options.expires),
        },
      });
      context.print.result(credential, () => {
        context.print.line(`Credential ${credential.slug} is created.`);
        context.print.note(`Use it with: tidewheel connection create … --credential ${credential.slug}`);
      });
    });
}
