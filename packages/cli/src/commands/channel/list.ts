import { listChannels } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function channelList() {
  return command('list', { summary: 'List channels', examples: [['tidewheel channel list', 'which are on, and whom they reach']] }).action(async (options) => {
    const context = contextOf(options);
    const channels = await (await context.client()).call(listChannels);
    context.print.result(channels, () =>
      context.print.table(
        [
          { title: 'Channel', value: (one) => one.slug, whole: true },
          { title: 'Title', value: (one) => one.title },
          { title: 'Type', value: (one) => one.type },
          { title: 'Reaches', value: (one) => (one.reaches === 'people' ? 'each recipient' : 'one place') },
          { title: 'State', value: (one) => (one.enabled ? (one.restingUntil ? `rests until ${instant(one.restingUntil)}` : 'on') : 'off') },
        ],
        channels,
      ),
    );
  });
}
