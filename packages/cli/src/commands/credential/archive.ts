import { archiveCredential } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function credentialArchive() {
  return command('archive', {
    summary: 'Archive a credential and erase its secret; refused while connections use it',
    examples: [['tidewheel credential archive old-sftp', 'when nothing uses it any more']],
  })
    .argument('<credential>', 'name of the credential')
    .option('--force', 'although connections use it; they fail from then on')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const query = options.force ? { force: 'true' as const } : {};
      const credential = await (await context.client()).call(archiveCredential, { params: { slug }, query });
      context.print.result(credential, () => context.print.line(`Credential ${credential.slug} is archived and its secret erased.`));
    });
}
