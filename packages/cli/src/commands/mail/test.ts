import { testMail } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { duration } from '../../output/text.ts';

export function mailTest() {
  return command('test', {
    summary: 'Send a test mail now and show what the mail server said',
    examples: [['tidewheel mail test me@example.org', 'fails with what the mail server said']],
  })
    .argument('<to>', 'whom to send it to')
    .action(async (to, options) => {
      const context = contextOf(options);
      const sent = await (await context.client()).call(testMail, { body: { to } });
      context.print.result(sent, () => context.print.line(`Sent in ${duration(sent.ms)}: ${sent.answer}`));
    });
}
