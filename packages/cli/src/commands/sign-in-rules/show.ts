import { showSignInRules } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printRules } from './rules-text.ts';

export function rulesShow() {
  return command('show', { summary: 'Show the rules', examples: [['tidewheel sign-in-rules show', 'passwords, sessions, registration']] }).action(
    async (options) => {
      const context = contextOf(options);
      printRules(context.print, await (await context.client()).call(showSignInRules));
    },
  );
}
