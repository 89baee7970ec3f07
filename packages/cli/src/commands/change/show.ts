import { showChange } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';
import { stateOf } from './list.ts';

export function changeShow() {
  return command('show', {
    summary: 'Show a change with before and after',
    examples: [['tidewheel change show 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b --json | jq .before', 'what was there']],
  })
    .argument('<change>', 'id of the change')
    .action(async (id, options) => {
      const context = contextOf(options);
      const change = await (await context.client()).call(showChange, { params: { id } });
      context.print.result(change, () =>
        context.print.facts([
          ['Change', change.id],
          ['When', instant(change.at)],
          ['Who', plain(change.by)],
          ['Action', change.action],
          ['What', plain(`${change.object.type} ${change.object.title}`)],
          ['State', stateOf(change)],
          ['Takes back', change.reverts ?? ''],
          ['Before', plain(JSON.stringify(change.before))],
          ['After', plain(JSON.stringify(change.after))],
        ]),
      );
    });
}
