import { testConnection } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { tellTest } from './test-result.ts';

export function connectionTest() {
  return command('test', {
    summary: 'Really connect and say what works',
    description: 'Exits with 0 when all checks pass, else with 1.',
    examples: [['tidewheel connection test regulator', 'name, port, host key, sign-in, folder']],
  })
    .argument('<connection>', 'name of the connection')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const result = await (await context.client()).call(testConnection, { params: { slug } });
      tellTest(context, slug, result);
    });
}
