import { showChannel } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printChannel } from './channel-text.ts';

export function channelShow() {
  return command('show', { summary: 'Show a channel', examples: [['tidewheel channel show operations', 'everything but its secret']] })
    .argument('<channel>', 'name of the channel')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const channel = await (await context.client()).call(showChannel, { params: { slug } });
      context.print.result(channel, () => printChannel(context.print, channel));
    });
}
