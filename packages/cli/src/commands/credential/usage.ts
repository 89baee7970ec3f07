import { showCredentialUsage } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function credentialUsage() {
  return command('usage', {
    summary: 'Show which connections and flows use a credential, and when',
    examples: [['tidewheel credential usage bank-sftp', 'before it is rotated or archived']],
  })
    .argument('<credential>', 'name of the credential')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const usage = await (await context.client()).call(showCredentialUsage, { params: { slug } });
      const { print } = context;
      print.result(usage, () => {
        if (usage.connections.length === 0) return print.line('No connection uses it.');
        print.table(
          [
            { title: 'Connection', value: (one) => one.slug, whole: true },
            { title: 'Type', value: (one) => one.type },
            { title: 'Last used', value: (one) => instant(one.lastUsedAt) },
            { title: 'By run', value: (one) => (one.lastRun ? `${one.lastRun.flow} #${one.lastRun.number}` : '') },
          ],
          usage.connections,
        );
        for (const flow of usage.flows) print.line(`Flow ${flow.slug} (${plain(flow.title)}) uses ${flow.connections.join(', ')}.`);
      });
    });
}
