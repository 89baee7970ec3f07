import { createConnection } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { configFrom, secretFrom, settingHelp } from './settings.ts';

export function connectionCreate() {
  return command('create', {
    summary: 'Create a connection',
    examples: [
      ['tidewheel connection create exports --type folder --set root=/srv/exports', 'a folder'],
      [
        'tidewheel connection create regulator --type sftp --config sftp.yaml --secret password=- < password.txt',
        'settings from a file, the password from stdin',
      ],
    ],
  })
    .argument('<name>', 'name by which flows refer to it: a-z, 0-9 and -')
    .requiredOption('--type <type>', 'what it connects to; see `tidewheel connection types`')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--folder <path>', 'where it is filed: finance/emir')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option(...settingHelp.secret, gather)
    .option(...settingHelp.secrets)
    .option('--credential <name>', 'a credential to use instead of a secret of its own')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const config = await configFrom(client, options.type, { options, base: {} });
      const secret = await secretFrom(options);
      const connection = await client.call(createConnection, {
        body: {
          slug,
          title: options.title ?? slug,
          type: options.type,
          folder: options.folder,
          config,
          ...(secret === undefined ? {} : { secret }),
          ...(options.credential === undefined ? {} : { credential: options.credential }),
        },
      });
      context.print.result(connection, () => {
        context.print.line(`Connection ${connection.slug} is created.`);
        context.print.note(`Test it with: tidewheel connection test ${connection.slug}`);
      });
    });
}
