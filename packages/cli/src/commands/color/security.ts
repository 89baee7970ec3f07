// `tidewheel color security`: one bond, its prices, and which a text may mean.
import { showSecurity, showSecurityPrices, suggestSecurities } from '@tidewheel/client/routes';
import type { PricePoint, Security } from '@tidewheel/contract/routes/color-search';
import { command, contextOf, group } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { count } from '../../output/text.ts';
import { biasOption, searchOptions } from './search-options.ts';

const amount = (value: number | null) => (value === null ? '' : String(value));
const suggestedColumns: TableColumn<Security>[] = [
  { title: 'Security', value: (one) => one.security, whole: true },
  { title: 'ISIN', value: (one) => one.isin ?? '', optional: true },
  { title: 'Ticker', value: (one) => one.ticker ?? '' },
  { title: 'Issuer', value: (one) => one.issuer ?? '' },
  { title: 'Coupon', value: (one) => amount(one.coupon), align: 'right' },
  { title: 'Maturity', value: (one) => one.maturity ?? '', whole: true },
  { title: 'Colors', value: (one) => count(one.colors), align: 'right' },
];
const priceColumns: TableColumn<PricePoint>[] = [
  { title: 'Date', value: (point) => point.date, whole: true },
  { title: 'Bias', value: (point) => point.bias ?? '' },
  { title: 'Low', value: (point) => amount(point.low), align: 'right' },
  { title: 'High', value: (point) => amount(point.high), align: 'right' },
  { title: 'Last', value: (point) => amount(point.last), align: 'right' },
  { title: 'Colors', value: (point) => count(point.colors), align: 'right' },
];

export function colorSecurity() {
  return group('security', { summary: 'See a bond: who spoke of it, and its price over time' }).addCommand(find()).addCommand(show()).addCommand(prices());
}

function find() {
  return command('find', {
    summary: 'List the bonds that a text may mean',
    examples: [['tidewheel color security find acme', 'by CUSIP, ISIN, ticker or issuer']],
  })
    .argument('<text>', 'as it begins')
    .option('--limit <n>', 'at most so many, up to 50', positiveCount, 8)
    .action(async (text, options) => {
      const context = contextOf(options);
      const items = await (await context.client()).call(suggestSecurities, { query: { text, limit: options.limit } });
      context.print.result(items, () =>
        items.length === 0 ? context.print.note('No bond that was processed.') : context.print.table(suggestedColumns, items),
      );
    });
}

function show() {
  return command('show', {
    summary: 'Show a bond with its dealers and processings',
    examples: [['tidewheel color security show 037833100', 'by CUSIP or ISIN']],
  })
    .argument('<security>', 'its CUSIP, its ISIN, or as `color search` names it')
    .action(async (name, options) => {
      const context = contextOf(options);
      const security = await (await context.client()).call(showSecurity, { params: { security: name } });
      context.print.result(security, () =>
        context.print.facts([
          ['Security', security.security],
          ['CUSIP', security.cusip],
          ['ISIN', security.isin],
          ['Ticker', security.ticker],
          ['Issuer', security.issuer],
          ['Coupon', amount(security.coupon)],
          ['Maturity', security.maturity],
          ['Sector', security.sector],
          ['Market', security.market],
          ['Colors', `${count(security.colors)}, ${security.firstDay} to ${security.lastDay}`],
          ['Dealers', security.dealers.map(({ dealer, colors }) => `${dealer ?? 'unnamed'} (${count(colors)})`).join(', ')],
          ['Processings', security.processings.map(({ number }) => String(number)).join(', ')],
        ]),
      );
    });
}

function prices() {
  return command('prices', {
    summary: 'Show the price of a bond day by day',
    examples: [['tidewheel color security prices 037833100 --bias bid', 'lowest, highest and last']],
  })
    .argument('<security>', 'its CUSIP, its ISIN, or as `color search` names it')
    .option(...searchOptions.from)
    .option(...searchOptions.to)
    .addOption(biasOption())
    .action(async (security, { from, to, bias, ...options }) => {
      const context = contextOf(options);
      const points = await (await context.client()).call(showSecurityPrices, { params: { security }, query: { from, to, bias } });
      context.print.result(points, () => (points.length === 0 ? context.print.note('No prices in these days.') : context.print.table(priceColumns, points)));
    });
}
