import { rotateCredential, showCredential } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { instant } from '../../output/text.ts';
import { settingHelp } from '../connection/settings.ts';
import { credentialHelp, credentialTypeOf, expiryFrom, fieldsFrom, requiredSecret } from './secret.ts';

export function credentialRotate() {
  return command('rotate', {
    summary: 'Replace the secret of a credential; whatever uses it stays as it is',
    examples: [['tidewheel credential rotate bank-sftp --secret privateKey=@id_new --grace 24', 'the old one can be put back for a day']],
  })
    .argument('<credential>', 'name of the credential')
    .option(...credentialHelp.set, gather)
    .option(...settingHelp.secret, gather)
    .option(...settingHelp.secrets)
    .option(...credentialHelp.expires)
    .option('--grace <hours>', 'how long the old secret can be put back; 0 erases it at once', Number, 0)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showCredential, { params: { slug } });
      const type = await credentialTypeOf(client, now.type);
      const fields = options.set ? { fields: { ...now.fields, ...(await fieldsFrom(type, options.set)) } } : {};
      const secret = await requiredSecret(options);
      const credential = await client.call(rotateCredential, {
        params: { slug },
        body: { secret, ...fields, ...expiryFrom(options.expires), graceHours: options.grace },
      });
      context.print.result(credential, () => {
        context.print.line(`Credential ${credential.slug} is rotated: version ${credential.version}.`);
        if (credential.previousUntil) context.print.note(`Until ${instant(credential.previousUntil)}: tidewheel credential restore ${credential.slug}`);
      });
    });
}
