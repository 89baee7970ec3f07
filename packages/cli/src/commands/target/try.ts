import { tryTarget } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { tellTest } from '../connection/test-result.ts';
import { fieldHelp, fieldsFrom } from './fields.ts';

export function targetTry() {
  return command('try', {
    summary: 'Test settings of a host before they are saved',
    description: 'It prints the fingerprint of the host key, to be compared with what the owner of the host says and then given as hostKey.',
    examples: [['tidewheel target try 10.20.0.7 --credential ops --set port=2222', 'what works, and the host key']],
  })
    .argument('<address>', 'host name or IP address')
    .addOption(fieldHelp.os().default('linux' as const))
    .option(...fieldHelp.transport)
    .option(...fieldHelp.set, gather)
    .option(...fieldHelp.credential)
    .option(...fieldHelp.via)
    .action(async (address, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const fields = await fieldsFrom(client, options);
      tellTest(context, address, await client.call(tryTarget, { body: { ...fields, os: options.os, address } }, { signal: context.interrupted }));
    });
}
