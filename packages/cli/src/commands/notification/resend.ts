import { resendMessages } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function notificationResend() {
  return command('resend', {
    summary: 'Send messages again that were given up',
    examples: [['tidewheel notification resend', 'all of them, once the far side is back']],
  })
    .argument('[id...]', 'only these; see `tidewheel notification messages --state failed --json`')
    .action(async (ids, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(resendMessages, { body: ids.length === 0 ? {} : { ids } });
      context.print.result(done, () => context.print.line(`${done.resent} ${done.resent === 1 ? 'message goes' : 'messages go'} out again.`));
    });
}
