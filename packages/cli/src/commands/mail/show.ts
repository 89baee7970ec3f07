import { showMailSettings } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printMailSettings } from './settings-text.ts';

export function mailShow() {
  return command('show', { summary: 'Show the mail server', examples: [['tidewheel mail show', 'everything but the password']] }).action(async (options) => {
    const context = contextOf(options);
    printMailSettings(context.print, await (await context.client()).call(showMailSettings));
  });
}
