import { tryConnection } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { configFrom, secretFrom, settingHelp } from './settings.ts';
import { tellTest } from './test-result.ts';

export function connectionTry() {
  return command('try', {
    summary: 'Test settings before they are saved',
    description: 'For SFTP it prints the fingerprint of the host key, to be compared with what the owner of the server says and then given as hostKey.',
    examples: [
      ['tidewheel connection try --type sftp --set host=sftp.example.org --set user=acme --secret password=- < password.txt', 'what works, and the host key'],
    ],
  })
    .requiredOption('--type <type>', 'what it connects to; see `tidewheel connection types`')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option(...settingHelp.secret, gather)
    .option(...settingHelp.secrets)
    .option('--credential <name>', 'a credential to use')
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const config = await configFrom(client, options.type, { options, base: {} });
      const secret = await secretFrom(options);
      const result = await client.call(tryConnection, {
        body: {
          type: options.type,
          config,
          ...(secret === undefined ? {} : { secret }),
          ...(options.credential === undefined ? {} : { credential: options.credential }),
        },
      });
      tellTest(context, options.type, result);
    });
}
