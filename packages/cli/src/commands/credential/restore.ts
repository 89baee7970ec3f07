import { restoreCredential } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function credentialRestore() {
  return command('restore', {
    summary: 'Put the secret before the last rotation back, within its grace',
    examples: [['tidewheel credential restore bank-sftp', 'the rotation was too early']],
  })
    .argument('<credential>', 'name of the credential')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const credential = await (await context.client()).call(restoreCredential, { params: { slug } });
      context.print.result(credential, () => context.print.line(`Credential ${credential.slug} holds its former secret again: version ${credential.version}.`));
    });
}
