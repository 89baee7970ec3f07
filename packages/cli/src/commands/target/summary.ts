import { summarizeTargets } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { count } from '../../output/text.ts';

export function targetSummary() {
  return command('summary', {
    summary: 'Count hosts by state, with the tags and categories there are',
    examples: [['tidewheel target summary', 'at a glance']],
  }).action(async (options) => {
    const context = contextOf(options);
    const summary = await (await context.client()).call(summarizeTargets, { query: {} });
    context.print.result(summary, () =>
      context.print.facts([
        ...Object.entries(summary.states).map(([state, hosts]): [string, string] => [state, count(hosts)]),
        ['Tags', summary.tags.map(({ name, targets }) => `${name} (${targets})`).join(', ')],
        ['Categories', summary.categories.join(', ')],
      ]),
    );
  });
}
