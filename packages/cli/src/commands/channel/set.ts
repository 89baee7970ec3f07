import { Option } from '@commander-js/extra-typings';
import { listChannels, listChannelTypes, saveChannel } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, gather } from '../../command.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { secretFrom } from '../connection/settings.ts';
import { channelTypeOf } from './types.ts';

export function channelSet() {
  return command('set', {
    summary: 'Create or change a channel',
    description: 'What is left out stays as it is. A secret has to be given again when it would go elsewhere.',
    examples: [
      ['tidewheel channel set hooks --type webhook --set url=https://hooks.example.org/x --secret signingSecret=- < secret', 'a signed webhook'],
      ['tidewheel channel set ops --type slack --secret webhookUrl=@slack-url', 'an incoming webhook of Slack'],
      ['tidewheel channel set email --off', 'no mails to anybody'],
    ],
  })
    .argument('<channel>', 'its name: a-z, 0-9 and -')
    .option('--type <type>', 'of a new one; see `tidewheel channel types`')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--set <name=value>', 'a setting; may be given several times', gather)
    .option('--secret <name=source>', 'a secret field from stdin (token=-) or a file (token=@path); never the value itself', gather)
    .addOption(new Option('--off', 'send nothing by it').conflicts('on'))
    .option('--on', 'send by it again')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const before = (await client.call(listChannels)).find((one) => one.slug === slug);
      const type = before?.type ?? options.type;
      if (type === undefined) throw new InvalidInput('input.type', 'A new channel needs --type.', { hint: 'See `tidewheel channel types`.' });
      const { config: schema } = channelTypeOf(await client.call(listChannelTypes), type);
      const secret = await secretFrom({ secret: options.secret });
      const enabled = options.off ? false : options.on ? true : (before?.enabled ?? true);
      const config = { ...before?.config, ...valuesFrom(options.set ?? [], schema) };
      const body = { title: options.title ?? before?.title ?? slug, type, enabled, config, ...(secret === undefined ? {} : { secret }) };
      const saved = await client.call(saveChannel, { params: { slug }, body });
      context.print.result(saved, () => {
        context.print.line(`Channel ${saved.slug} is ${before ? 'changed' : 'created'}${saved.enabled ? '' : ' and off'}.`);
        context.print.note(`Test it with: tidewheel channel test ${saved.slug}`);
      });
    });
}
