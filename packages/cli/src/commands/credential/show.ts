import { showCredential } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function credentialShow() {
  return command('show', {
    summary: 'Show a credential; what it holds is never shown',
    examples: [['tidewheel credential show bank-sftp', 'its type, end and limits']],
  })
    .argument('<credential>', 'name of the credential')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const credential = await (await context.client()).call(showCredential, { params: { slug } });
      const values = { ...credential.fields, ...credential.facts };
      context.print.result(credential, () =>
        context.print.facts([
          ['Credential', credential.slug],
          ['Title', plain(credential.title)],
          ['Type', credential.type],
          ['State', credential.state],
          ['May go to', credential.hosts.join(', ') || 'where an administrator joins it'],
          ['May be used by', credential.connections.join(', ') || 'any connection'],
          ['Ends', credential.expiresOn ?? 'never'],
          ['Version', String(credential.version)],
          ['Rotated', instant(credential.rotatedAt)],
          ['Used by', `${credential.usedBy} ${credential.usedBy === 1 ? 'connection' : 'connections'}`],
          ['Last used', instant(credential.lastUsedAt)],
          ['Created', `${instant(credential.createdAt)} by ${plain(credential.createdBy)}`],
          ...Object.entries(values).map(([name, value]): [string, string] => [name, plain(typeof value === 'string' ? value : JSON.stringify(value))]),
        ]),
      );
    });
}
