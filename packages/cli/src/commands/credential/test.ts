import { testCredential } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { plain } from '../../output/text.ts';
import { tellTest } from '../connection/test-result.ts';

export function credentialTest() {
  return command('test', {
    summary: 'Really try a credential and say what was proven and what not',
    description: 'Exits with 0 when all checks pass, else with 1.',
    examples: [['tidewheel credential test bank-sftp', 'opens it, and signs in through the first connection that uses it']],
  })
    .argument('<credential>', 'name of the credential')
    .option('--connection <name>', 'through this connection')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const body = options.connection === undefined ? {} : { connection: options.connection };
      const result = await (await context.client()).call(testCredential, { params: { slug }, body });
      for (const what of result.notProven) context.print.note(`Not proven: ${plain(what)}`);
      tellTest(context, slug, result);
    });
}
