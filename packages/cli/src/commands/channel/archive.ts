import { archiveChannel } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function channelArchive() {
  return command('archive', {
    summary: 'Take a channel out of use and forget its secret',
    examples: [['tidewheel channel archive ops', 'refused while a rule names it']],
  })
    .argument('<channel>', 'name of the channel')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const channel = await (await context.client()).call(archiveChannel, { params: { slug } });
      context.print.result(channel, () => context.print.line(`Channel ${channel.slug} is ${channel.builtIn ? 'as it was at first' : 'archived'}.`));
    });
}
