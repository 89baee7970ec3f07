import { showConnection } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function connectionShow() {
  return command('show', { summary: 'Show a connection; its secret is never shown', examples: [['tidewheel connection show regulator', 'its settings']] })
    .argument('<connection>', 'name of the connection')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const connection = await (await context.client()).call(showConnection, { params: { slug } });
      context.print.result(connection, () =>
        context.print.facts([
          ['Connection', connection.slug],
          ['Title', plain(connection.title)],
          ['Type', connection.type],
          ['Secret', connection.credential ? `the credential ${connection.credential}` : connection.hasSecret ? 'set' : 'not set'],
          ['Changed', instant(connection.updatedAt)],
          ['Archived', instant(connection.archivedAt)],
          ...Object.entries(connection.config).map(([name, value]): [string, string] => [
            name,
            plain(typeof value === 'string' ? value : JSON.stringify(value)),
          ]),
        ]),
      );
    });
}
