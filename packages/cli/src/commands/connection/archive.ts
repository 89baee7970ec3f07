import { archiveConnection } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function connectionArchive() {
  return command('archive', { summary: 'Archive a connection', examples: [['tidewheel connection archive regulator', 'flows can no longer open it']] })
    .argument('<connection>', 'name of the connection')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const connection = await (await context.client()).call(archiveConnection, { params: { slug } });
      context.print.result(connection, () => context.print.line(`Connection ${connection.slug} is archived.`));
    });
}
