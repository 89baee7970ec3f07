import { Option } from '@commander-js/extra-typings';
import { createTrigger } from '@tidewheel/client/routes';
import { triggerKinds } from '@tidewheel/contract/trigger';
import { command, contextOf, gather } from '../../command.ts';
import { conditionFrom, configFrom, mappingFrom, settingHelp } from './settings.ts';

export function triggerCreate() {
  return command('create', {
    summary: 'Make a trigger; it starts runs in your name',
    examples: [
      ['tidewheel trigger create prices-came --flow mifir-daily --kind webhook --map day=event.body.day', 'a webhook; give it a secret next'],
      [
        'tidewheel trigger create new-trades --flow load --kind file --set connection=exchange --set pattern=*.csv --map path=event.file.path',
        'files of a folder',
      ],
      [`tidewheel trigger create after-load --flow report --kind flow --set 'flows=["load"]'`, 'after another flow'],
    ],
  })
    .argument('<name>', 'name of the trigger: a-z, 0-9 and -')
    .requiredOption('--flow <flow>', 'the flow that it starts')
    .addOption(new Option('--kind <kind>', 'what it waits for; see `tidewheel trigger kinds`').choices(triggerKinds).makeOptionMandatory())
    .option('--title <text>', 'what people see; its name when omitted')
    .option(...settingHelp.set, gather)
    .option(...settingHelp.config)
    .option(...settingHelp.map, gather)
    .option(...settingHelp.condition)
    .option('--paused', 'make it, but not active yet')
    .action(async (slug, { flow, kind, title, paused, condition, map, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const config = await configFrom(client, kind, { options, base: {} });
      const body = {
        slug,
        flow,
        kind,
        title: title ?? slug,
        config,
        parameters: mappingFrom(map, {}),
        condition: conditionFrom(condition, null),
        paused: paused === true,
      };
      const trigger = await client.call(createTrigger, { body });
      context.print.result(trigger, () => {
        context.print.line(`Trigger ${trigger.slug} is made${trigger.paused ? ', and paused' : ''}.`);
        if (trigger.url) context.print.line(`It is called at ${trigger.url}`);
        context.print.note(
          trigger.url ? `Give it a secret with: tidewheel trigger secret ${slug}` : `See what it would fire for with: tidewheel trigger test ${slug}`,
        );
      });
    });
}
