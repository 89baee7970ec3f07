import { showCredentialUsage } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function credentialUsage() {
  return command('usage', {
    summary: 'Show which connections, hosts and flows use a credential, and when',
    examples: [['tidewheel credential usage bank-sftp', 'before it is rotated or archived']],
  })
    .argument('<credential>', 'name of the credential')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const usage = await (await context.client()).call(showCredentialUsage, { params: { slug } });
      const { print } = context;
      print.result(usage, () => {
        const users = [
          ...usage.connections.map((one) => ({ ...one, name: one.slug, kind: `connection, ${one.type}` })),
          ...usage.targets.map((one) => ({ ...one, kind: `host, ${one.os}` })),
        ];
        if (users.length === 0) return print.line('No connection and no host uses it.');
        print.table(
          [
            { title: 'Used by', value: (one) => one.name, whole: true },
            { title: 'What', value: (one) => one.kind },
            { title: 'Last used', value: (one) => instant(one.lastUsedAt) },
            { title: 'By run', value: (one) => (one.lastRun ? `${one.lastRun.flow} #${one.lastRun.number}` : '') },
          ],
          users,
        );
        for (const flow of usage.flows) print.line(`Flow ${flow.slug} (${plain(flow.title)}) uses ${flow.connections.join(', ')}.`);
      });
    });
}
