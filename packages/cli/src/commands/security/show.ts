import { showSecuritySettings } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printSecurity } from './settings-text.ts';

export function securityShow() {
  return command('show', { summary: 'Show the limits', examples: [['tidewheel security show', 'rates, uploads, origins, allowed hosts']] }).action(
    async (options) => {
      const context = contextOf(options);
      printSecurity(context.print, await (await context.client()).call(showSecuritySettings));
    },
  );
}
