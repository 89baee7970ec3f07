import { testChannel } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { duration, plain } from '../../output/text.ts';

export function channelTest() {
  return command('test', {
    summary: 'Send a test message now and show what the far side said',
    examples: [['tidewheel channel test ops', 'it really goes out']],
  })
    .argument('<channel>', 'name of the channel')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const sent = await (await context.client()).call(testChannel, { params: { slug } });
      context.print.result(sent, () => context.print.line(`Sent in ${duration(sent.ms)}: ${plain(sent.answer)}`));
    });
}
