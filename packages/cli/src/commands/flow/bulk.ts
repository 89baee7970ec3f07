import { Option } from '@commander-js/extra-typings';
import { changeFlows } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { type FlowAction, flowActions } from '@tidewheel/contract/routes/flow-bulk';
import { choiceOf, givenOf, printBulk } from '../../bulk-choice.ts';
import { command, contextOf } from '../../command.ts';

export function flowBulk() {
  return command('bulk', {
    summary: 'Switch off or on, archive or restore many flows, or show which',
    examples: [
      ['tidewheel flow bulk --folder finance --off "the ledger is closed" --dry-run', 'which ones it would switch off'],
      ['tidewheel flow bulk --folder finance --on', 'let them start runs again'],
    ],
  })
    .argument('[flows...]', 'names of flows')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(['pipeline', 'report', 'job', 'color'] as const))
    .option('--folder <path>', 'only those in this folder and below it')
    .option('--search <text>', 'only those with this text in name or title')
    .option('--archived', 'the archived ones instead')
    .option('--all', 'all flows that are not archived')
    .option('--on', 'let them start runs again')
    .option('--off <reason>', 'let them start no more runs; why, for everybody who would start them')
    .option('--archive', 'archive them')
    .option('--restore', 'restore them')
    .option('--dry-run', 'only show which ones it would change')
    .action(async (names, options) => {
      const context = contextOf(options);
      const { kind, folder, search, archived, all = false, dryRun = false } = options;
      const choice = choiceOf({ names, filter: givenOf({ kind, folder, search, archived }), all, what: 'flows', example: '--folder finance' });
      printBulk(context.print, await (await context.client()).call(changeFlows, { body: { choice, action: actionFrom(options), dryRun } }));
    });
}

interface Asked {
  on?: true | undefined;
  off?: string | undefined;
  archive?: true | undefined;
  restore?: true | undefined;
}

/** @throws InvalidInput unless exactly one thing is asked for */
function actionFrom(options: Asked): FlowAction {
  const asked = flowActions.filter((verb) => options[verb] !== undefined);
  const [only] = asked;
  if (only === undefined || asked.length > 1)
    throw new InvalidInput('input.action', asked.length === 0 ? 'What shall be done?' : 'One thing at a time', {
      hint: 'One of --on, --off, --archive and --restore.',
    });
  return only === 'off' ? { do: 'off', reason: options.off ?? '' } : { do: only };
}
