import { removeMailSettings } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printMailSettings } from './settings-text.ts';

export function mailRemove() {
  return command('remove', { summary: 'Forget the mail server; no mail is sent then', examples: [['tidewheel mail remove', 'the password goes too']] }).action(
    async (options) => {
      const context = contextOf(options);
      printMailSettings(context.print, await (await context.client()).call(removeMailSettings));
    },
  );
}
