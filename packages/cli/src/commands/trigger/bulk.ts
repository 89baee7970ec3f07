import { changeTriggers } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { type TriggerAction, triggerActions } from '@tidewheel/contract/routes/triggers';
import { choiceOf, givenOf, printBulk } from '../../bulk-choice.ts';
import { command, contextOf } from '../../command.ts';
import { healthOption, kindOption } from './list.ts';

export function triggerBulk() {
  return command('bulk', {
    summary: 'Let many triggers go on, pause, archive or restore them, or show which',
    examples: [
      ['tidewheel trigger bulk --flow mifir-daily --pause --dry-run', 'which ones it would pause'],
      ['tidewheel trigger bulk --health paused --kind file --resume', 'let all paused triggers on files go on'],
    ],
  })
    .argument('[triggers...]', 'names of triggers')
    .option('--flow <flow>', 'only of this flow')
    .addOption(kindOption())
    .addOption(healthOption())
    .option('--search <text>', 'only those with this text in name or title')
    .option('--all', 'all triggers that are not archived')
    .option('--resume', 'let them go on; those that look do so at once')
    .option('--pause', 'pause them; webhooks refuse what comes meanwhile')
    .option('--archive', 'archive them; webhooks forget their secrets')
    .option('--restore', 'restore them, paused; they are named, for no filter shows archived ones')
    .option('--dry-run', 'only show which ones it would change')
    .action(async (names, options) => {
      const context = contextOf(options);
      const { flow, kind, health, search, all = false, dryRun = false } = options;
      const choice = choiceOf({ names, filter: givenOf({ flow, kind, health, search }), all, what: 'triggers', example: '--flow mifir-daily' });
      printBulk(context.print, await (await context.client()).call(changeTriggers, { body: { choice, action: actionFrom(options), dryRun } }));
    });
}

/** @throws InvalidInput unless exactly one thing is asked for */
function actionFrom(options: { [Verb in TriggerAction['do']]?: true | undefined }): TriggerAction {
  const asked = triggerActions.filter((verb) => options[verb]);
  const [only] = asked;
  if (only && asked.length === 1) return { do: only };
  throw new InvalidInput('input.action', asked.length === 0 ? 'What shall be done?' : 'One thing at a time', {
    hint: 'One of --resume, --pause, --archive and --restore.',
  });
}
