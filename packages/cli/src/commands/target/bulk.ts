import { changeTargets } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TargetAction } from '@tidewheel/contract/routes/target-operations';
import { printBulk } from '../../bulk-choice.ts';
import { command, contextOf, gather } from '../../command.ts';
import { choiceFrom, withHostFilters } from './filter.ts';

interface ActionOptions {
  addTag?: string[] | undefined;
  removeTag?: string[] | undefined;
  addGroup?: string[] | undefined;
  removeGroup?: string[] | undefined;
  setCategory?: string | undefined;
  maintenance?: string | undefined;
  until?: string | undefined;
  endMaintenance?: true | undefined;
  archive?: true | undefined;
}

export function targetBulk() {
  return withHostFilters(
    command('bulk', {
      summary: 'Do the same to many hosts, or show to which',
      examples: [
        ['tidewheel target bulk --group canary --add-tag patched --dry-run', 'which ones it would change'],
        ['tidewheel target bulk --category lab --maintenance "moving house"', 'take them out of work'],
      ],
    }),
  )
    .argument('[hosts...]', 'names or ids of hosts')
    .option('--all', 'all hosts')
    .option('--add-tag <tag>', 'give them this tag; may be given several times', gather)
    .option('--remove-tag <tag>', 'take this tag away; may be given several times', gather)
    .option('--add-group <group>', 'put them into this group; may be given several times', gather)
    .option('--remove-group <group>', 'take them out of this group; may be given several times', gather)
    .option('--set-category <path>', 'their category; - for none')
    .option('--maintenance <reason>', 'take them out of work, for this reason')
    .option('--until <instant>', 'with --maintenance: until then')
    .option('--end-maintenance', 'take them back into work')
    .option('--archive', 'archive them')
    .option('--dry-run', 'only show which ones it would change')
    .action(async (hosts, options) => {
      const context = contextOf(options);
      const body = { choice: choiceFrom(hosts, options), action: actionFrom(options), dryRun: options.dryRun === true };
      printBulk(context.print, await (await context.client()).call(changeTargets, { body }));
    });
}

/** @throws InvalidInput unless exactly one thing is asked for */
function actionFrom(options: ActionOptions): TargetAction {
  const actions: TargetAction[] = [];
  const { addTag = [], removeTag = [], addGroup = [], removeGroup = [], setCategory, maintenance, until } = options;
  if (addTag.length + removeTag.length > 0) actions.push({ do: 'tag', add: addTag, remove: removeTag });
  if (addGroup.length + removeGroup.length > 0) actions.push({ do: 'group', add: addGroup, remove: removeGroup });
  if (setCategory !== undefined) actions.push({ do: 'category', category: setCategory === '-' ? null : setCategory });
  if (maintenance !== undefined) actions.push({ do: 'startMaintenance', maintenance: { reason: maintenance, until } });
  if (options.endMaintenance) actions.push({ do: 'endMaintenance' });
  if (options.archive) actions.push({ do: 'archive' });
  const [only] = actions;
  if (only && actions.length === 1) return only;
  throw new InvalidInput('input.action', actions.length === 0 ? 'What shall be done?' : 'One thing at a time', {
    hint: 'For example --add-tag patched, --maintenance "new disks" or --archive.',
  });
}
