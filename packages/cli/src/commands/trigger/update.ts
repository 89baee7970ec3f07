import { showTrigger, updateTrigger } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { conditionFrom, configFrom, mappingFrom, settingHelp } from './settings.ts';

export function triggerUpdate() {
  return command('update', {
    summary: 'Change a trigger; what is not given stays as it is, and it is yours afterwards',
    examples: [
      ['tidewheel trigger update new-trades --set stableSeconds=60', 'one setting'],
      [`tidewheel trigger update prices-came --condition 'event.body.venue == "XETR"'`, 'only some events'],
    ],
  })
    .argument('<trigger>', 'name of the trigger')
    .option('--title <text>', 'what people see')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option(...settingHelp.map, gather)
    .option(...settingHelp.condition)
    .action(async (slug, { title, condition, map, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const now = await client.call(showTrigger, { params });
      const config = await configFrom(client, now.kind, { options, base: now.config });
      const body = { title: title ?? now.title, config, parameters: mappingFrom(map, now.parameters), condition: conditionFrom(condition, now.condition) };
      const trigger = await client.call(updateTrigger, { params, body });
      context.print.result(trigger, () => context.print.line(`Trigger ${trigger.slug} is changed.`));
    });
}
