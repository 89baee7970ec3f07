import { showTrigger, updateTrigger } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, gather } from '../../command.ts';
import { conditionFrom, configFrom, mappingFrom, settingHelp } from './settings.ts';

export function triggerUpdate() {
  return command('update', {
    summary: 'Change a trigger; what is not given stays as it is, and it is yours afterwards',
    examples: [
      ['tidewheel trigger update new-trades --set stableSeconds=60', 'one setting'],
      ['tidewheel trigger update new-trades --unset marker --unmap day', 'one setting and one mapping taken away'],
      [`tidewheel trigger update prices-came --condition 'event.body.venue == "XETR"'`, 'only some events'],
    ],
  })
    .argument('<trigger>', 'name of the trigger')
    .option('--title <text>', 'what people see')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option('--unset <name>', 'a setting as if it was never given; may be given several times', gather)
    .option(...settingHelp.map, gather)
    .option('--unmap <parameter>', 'the flow uses its default again; may be given several times', gather)
    .option(...settingHelp.condition)
    .action(async (slug, { title, condition, map, unset, unmap, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const now = await client.call(showTrigger, { params });
      const config = await configFrom(client, now.kind, { options, base: without(now.config, unset) });
      const body = {
        title: title ?? now.title,
        config,
        parameters: mappingFrom(map, without(now.parameters, unmap)),
        condition: conditionFrom(condition, now.condition),
      };
      const trigger = await client.call(updateTrigger, { params, body });
      context.print.result(trigger, () => context.print.line(`Trigger ${trigger.slug} is changed.`));
    });
}

/** @throws InvalidInput for a name that is not there: a slip would change nothing */
function without<T>(values: Record<string, T>, names: string[] = []): Record<string, T> {
  const unknown = names.find((name) => !(name in values));
  if (unknown !== undefined)
    throw new InvalidInput('input.name', `"${unknown}" is not set, so it cannot be taken away`, {
      hint: `There are ${Object.keys(values).join(', ') || 'none'}.`,
    });
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
