import { showCredential, updateCredential } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { credentialHelp, credentialTypeOf, expiryFrom, fieldsFrom, limitsFrom } from './secret.ts';

export function credentialUpdate() {
  return command('update', {
    summary: 'Change what people see of a credential; what is not given stays as it is',
    examples: [['tidewheel credential update bank-sftp --host sftp.bank.example --expires 2027-03-31', 'where it may go, and its end']],
  })
    .argument('<credential>', 'name of the credential')
    .option('--title <text>', 'what people see')
    .option('--description <text>', 'what it is for')
    .option(...credentialHelp.set, gather)
    .option(...credentialHelp.host, gather)
    .option(...credentialHelp.connection, gather)
    .option('--any-connection', 'any connection may use it')
    .option('--no-hosts', 'only who may edit credentials joins it to connections')
    .option(...credentialHelp.expires)
    .option(...credentialHelp.remind, gather)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showCredential, { params: { slug } });
      const type = await credentialTypeOf(client, now.type);
      const fields = options.set ? { fields: { ...now.fields, ...(await fieldsFrom(type, options.set)) } } : {};
      const credential = await client.call(updateCredential, {
        params: { slug },
        body: {
          ...(options.title === undefined ? {} : { title: options.title }),
          ...(options.description === undefined ? {} : { description: options.description }),
          ...fields,
          ...limitsFrom(options),
          ...(options.anyConnection ? { connections: [] } : {}),
          ...(options.hosts === false ? { hosts: [] } : {}),
          ...expiryFrom(options.expires),
        },
      });
      context.print.result(credential, () => context.print.line(`Credential ${credential.slug} is changed.`));
    });
}
