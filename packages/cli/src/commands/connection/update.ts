import { showConnection, updateConnection } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, gather } from '../../command.ts';
import { configFrom, secretFrom, settingHelp } from './settings.ts';

function credentialFrom(given: string | boolean | undefined): { credential?: string | null } {
  if (typeof given === 'string') return { credential: given };
  return given === false ? { credential: null } : {};
}

export function connectionUpdate() {
  return command('update', {
    summary: 'Change a connection; what is not given stays as it is',
    examples: [
      ['tidewheel connection update regulator --set port=2222', 'one setting'],
      ['tidewheel connection update regulator --secret password=- < new-password.txt', 'a new password'],
    ],
  })
    .argument('<connection>', 'name of the connection')
    .option('--title <text>', 'what people see')
    .option('--folder <path>', 'where it is filed; - for nowhere')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option(...settingHelp.secret, gather)
    .option(...settingHelp.secrets)
    .option('--remove-secret', 'forget its secret')
    .option('--credential <name>', 'use this credential instead of a secret of its own')
    .option('--no-credential', 'no longer use a credential')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showConnection, { params: { slug } });
      const given = await secretFrom(options);
      if (options.removeSecret && given) throw new InvalidInput('input.secret', 'A secret cannot be given and removed at once');
      const secret = options.removeSecret ? null : given;
      const config = await configFrom(client, now.type, { options, base: now.config });
      const connection = await client.call(updateConnection, {
        params: { slug },
        body: {
          title: options.title ?? now.title,
          folder: options.folder === '-' ? null : options.folder,
          config,
          ...(secret === undefined ? {} : { secret }),
          ...credentialFrom(options.credential),
        },
      });
      context.print.result(connection, () => context.print.line(`Connection ${connection.slug} is changed.`));
    });
}
