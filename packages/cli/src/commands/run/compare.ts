import { compareItems } from '@tidewheel/client/routes';
import type { ItemComparison, ItemGroup } from '@tidewheel/contract/routes/run-items';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { count, plain } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runCompare() {
  return command('compare', {
    summary: 'Compare what the items of a step gave: so many said the same, so many differ',
    examples: [
      ['tidewheel run compare latest check', 'all that they gave'],
      ['tidewheel run compare latest check --field stdout', 'only what was printed'],
    ],
  })
    .argument('<run>', runArgument)
    .argument('<step>', 'the step with `each`')
    .option('--field <field>', 'only this field of what they gave')
    .action(async (reference, step, { field, ...common }) => {
      const context = contextOf(common);
      const client = await context.client();
      const comparison = await client.call(compareItems, { params: { id: await resolveRun(client, reference), step }, query: { field } });
      context.print.result(comparison, () => printComparison(context.print, comparison));
    });
}

function printComparison(print: Printer, { total, open, different, groups, fields, step }: ItemComparison): void {
  if (total === 0) {
    print.line(`There are no runs below the step ${step}.`);
    return;
  }
  print.line(
    `${count(total)} items, ${count(different)} different ${different === 1 ? 'result' : 'results'}${open > 0 ? `, ${count(open)} have not ended` : ''}.`,
  );
  for (const group of groups) printGroup(print, group);
  if (different > groups.length) print.line(`\n${count(different - groups.length)} further results, none of more items than these, are not shown.`);
  if (fields.length > 0) print.line(`\nOne field alone with --field: ${fields.join(', ')}`);
}

function printGroup(print: Printer, { state, count: many, value, isCut, error, items }: ItemGroup): void {
  const names = items.map(({ label }) => plain(label)).slice(0, 10);
  const more = many - names.length;
  print.line(`\n${count(many)} ${state}: ${names.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`);
  if (error) print.line(`  ${error.code}: ${plain(error.message)}`);
  if (value === null || value === undefined) return;
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  for (const line of text.split('\n').slice(0, 20)) print.line(`  ${plain(line)}`);
  if (isCut || text.split('\n').length > 20) print.line('  …');
}
