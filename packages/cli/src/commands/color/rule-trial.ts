import { playColorRules, testColorRule } from '@tidewheel/client/routes';
import type { ColorRuleTest, ColorWhatIf } from '@tidewheel/contract/routes/color-rules';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { readRule } from './rule-file.ts';

export function ruleTest() {
  return command('test', {
    summary: 'See what a rule finds in the buffer or in a processing; nothing is kept',
    examples: [
      ['tidewheel color rule test rule.yaml', 'how many of what waits it would take out'],
      ['tidewheel color rule test rule.yaml --processing 12', 'over the rows of an earlier day'],
    ],
  })
    .argument('<file>', 'YAML or JSON; - for stdin')
    .option('--processing <n>', 'over the rows of this one', positiveCount)
    .option('--rule <id>', 'in the place of this rule; else as the last of its kind')
    .action(async (file, { processing, rule, ...options }) => {
      const context = contextOf(options);
      const { kind, condition } = await readRule(file);
      const found = await (await context.client()).call(testColorRule, { body: { kind, condition, processing, rule } });
      context.print.result(found, () => {
        const verb = kind === 'exclude' ? 'excludes' : 'colours';
        context.print.line(
          `It fits ${found.matches} of ${found.rows}${found.isCapped ? ' (the first of more)' : ''} and ${verb} ${found.decides}; ${found.left} are left by all rules.`,
        );
        context.print.table<ColorRuleTest['first'][number]>(
          [
            { title: 'Date', value: (row) => row.date ?? '' },
            { title: 'CUSIP', value: (row) => row.cusip ?? '', whole: true },
            { title: 'Ticker', value: (row) => row.ticker ?? '' },
            { title: 'Dealer', value: (row) => row.dealer ?? '' },
            { title: 'Rank', value: (row) => String(row.rank ?? ''), align: 'right' },
            { title: 'PX', value: (row) => String(row.px ?? ''), align: 'right' },
          ],
          found.first,
        );
      });
    });
}

export function rulePlay() {
  return command('play', {
    summary: 'See row by row what other rules would have changed in the last days',
    examples: [
      ['tidewheel color rule play rule.yaml --days 10', 'as if this rule had been the last of its kind'],
      ['tidewheel color rule play rule.yaml --rule <id>', 'as if it had stood in the place of that one'],
      ['tidewheel color rule play --without <id>', 'as if that one had not been'],
    ],
  })
    .argument('[file]', 'YAML or JSON; - for stdin')
    .option('--days <n>', 'how many', positiveCount, 5)
    .option('--rule <id>', 'the rule that it changes')
    .option('--without <id>', 'without this rule')
    .action(async (file, { days, rule, without, ...options }) => {
      const context = contextOf(options);
      const read = file === undefined ? undefined : await readRule(file);
      const change = read && { kind: read.kind, title: read.title, condition: read.condition, color: read.color, id: rule };
      const played = await (await context.client()).call(playColorRules, { body: { days, change, without } });
      context.print.result(played, () => {
        context.print.line(`${played.differ} of ${played.rows} rows of ${played.processings.length} processings would differ, ${played.moved} more only move.`);
        context.print.table<ColorWhatIf['first'][number]>(
          [
            { title: 'Processing', value: (one) => String(one.processing), align: 'right' },
            { title: 'Line', value: (one) => String(one.line), align: 'right' },
            { title: 'What', value: (one) => one.what, whole: true },
            { title: 'CUSIP', value: (one) => one.row.cusip ?? '', whole: true },
            { title: 'Ticker', value: (one) => one.row.ticker ?? '' },
            { title: 'PX', value: (one) => String(one.row.px ?? ''), align: 'right' },
            { title: 'Position', value: (one) => `${one.before.position ?? '-'} > ${one.after.position ?? '-'}` },
            { title: 'Color', value: (one) => `${one.before.color ?? '-'} > ${one.after.color ?? '-'}` },
          ],
          played.first,
        );
      });
    });
}
