import { previewTargetGroup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { count, plain } from '../../output/text.ts';

export function targetGroupPreview() {
  return command('preview', {
    summary: 'Show which hosts a query finds now',
    examples: [[`tidewheel target-group preview '"web" in target.tags && target.facts.cpus >= 8'`, 'CEL over target']],
  })
    .argument('<query>', 'a condition over target')
    .action(async (query, options) => {
      const context = contextOf(options);
      const found = await (await context.client()).call(previewTargetGroup, { body: { query } });
      const { print } = context;
      print.result(found, () => {
        for (const name of found.names) print.line(name);
        print.line(`${count(found.members)} hosts.`);
        if (found.reason) print.note(`For ${count(found.undecided)} it cannot be decided: ${plain(found.reason)}`);
      });
    });
}
