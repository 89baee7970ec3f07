import { showSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printProvider } from './provider-text.ts';

export function ssoShow() {
  return command('show', { summary: 'Show a provider and its rules', examples: [['tidewheel sso show acme', 'everything but the client secret']] })
    .argument('<provider>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      printProvider(context.print, await (await context.client()).call(showSsoProvider, { params: { slug } }));
    });
}
