import { changeSchedules } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { type ScheduleAction, scheduleActions } from '@tidewheel/contract/routes/schedules';
import { choiceOf, givenOf, printBulk } from '../../bulk-choice.ts';
import { command, contextOf } from '../../command.ts';
import { stateOption } from './list.ts';

export function scheduleBulk() {
  return command('bulk', {
    summary: 'Activate, pause, archive or restore many schedules, or show which',
    examples: [
      ['tidewheel schedule bulk --flow mifir-daily --pause --dry-run', 'which ones it would pause'],
      ['tidewheel schedule bulk --state paused --activate', 'let all that are paused fire again'],
    ],
  })
    .argument('[schedules...]', 'names of schedules')
    .option('--flow <flow>', 'only of this flow')
    .addOption(stateOption())
    .option('--search <text>', 'only those with this text in name or title')
    .option('--all', 'all schedules that are not archived')
    .option('--activate', 'let them fire again, from now on')
    .option('--pause', 'pause them; what is due meanwhile is not made up for')
    .option('--archive', 'archive them')
    .option('--restore', 'restore them, paused')
    .option('--dry-run', 'only show which ones it would change')
    .action(async (names, options) => {
      const context = contextOf(options);
      const { flow, state, search, all = false, dryRun = false } = options;
      const choice = choiceOf({ names, filter: givenOf({ flow, state, search }), all, what: 'schedules', example: '--flow mifir-daily' });
      printBulk(context.print, await (await context.client()).call(changeSchedules, { body: { choice, action: actionFrom(options), dryRun } }));
    });
}

/** @throws InvalidInput unless exactly one thing is asked for */
function actionFrom(options: { [Verb in ScheduleAction['do']]?: true | undefined }): ScheduleAction {
  const asked = scheduleActions.filter((verb) => options[verb]);
  const [only] = asked;
  if (only && asked.length === 1) return { do: only };
  throw new InvalidInput('input.action', asked.length === 0 ? 'What shall be done?' : 'One thing at a time', {
    hint: 'One of --activate, --pause, --archive and --restore.',
  });
}
