// `tidewheel color search` and `tidewheel color export`: what was processed, by text and filters.
import { Option } from '@commander-js/extra-typings';
import { countColors, exportColors, forgetRecentSearches, listColorChoices, listRecentSearches, searchColors } from '@tidewheel/client/routes';
import { mostExportedColors } from '@tidewheel/contract/color';
import type { FoundColor, RecentSearch } from '@tidewheel/contract/routes/color-search';
import { command, contextOf, group } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { count, instant, size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';
import { searchFrom, sortOption, withSearch } from './search-options.ts';

const amount = (value: number | null) => (value === null ? '' : String(value));
export const foundColumns: TableColumn<FoundColor>[] = [
  { title: 'Date', value: (color) => color.date ?? '', whole: true },
  { title: 'Security', value: (color) => color.security, whole: true },
  { title: 'Ticker', value: (color) => color.ticker ?? '' },
  { title: 'Issuer', value: (color) => color.issuer ?? '', optional: true },
  { title: 'Dealer', value: (color) => color.dealer ?? '' },
  { title: 'Bias', value: (color) => color.bias ?? '' },
  { title: 'PX', value: (color) => amount(color.px), align: 'right' },
  { title: 'Spread', value: (color) => amount(color.spread), align: 'right' },
  { title: 'Size', value: (color) => amount(color.size), align: 'right', optional: true },
  { title: 'Rank', value: (color) => amount(color.rank), align: 'right', optional: true },
  { title: 'Processing', value: (color) => `${color.processing}:${color.line}`, align: 'right' },
];

function withText<C extends ReturnType<typeof command>>(made: C) {
  return withSearch(made).argument('[text]', 'begins a CUSIP, ISIN or ticker, or is in the name of an issuer');
}

function withFilters<C extends ReturnType<typeof command>>(made: C) {
  return withText(made).addOption(sortOption());
}

export function colorSearch() {
  return withFilters(
    command('search', {
      summary: 'Find colors in everything that was processed and not excluded',
      examples: [
        ['tidewheel color search 037833100', 'what was said of a bond'],
        ['tidewheel color search acme --dealer GS --from 2026-11-02', 'of an issuer, by a dealer'],
        ['tidewheel color search --sector Energy --px-to 90 --sort px', 'the cheapest of a sector'],
      ],
    }),
  )
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (text, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const search = searchFrom(text, options);
      const listing = await gatherPages(options.limit, (page) => client.call(searchColors, { query: { ...page, ...search, remember: true } }));
      printListing(context.print, listing, { columns: foundColumns, empty: 'Nothing that was processed matches.' });
    });
}

export function colorCount() {
  return withText(
    command('count', {
      summary: 'Say how many colors a search finds, and whether a file takes them',
      examples: [['tidewheel color count --sector Energy --from 2026-01-01', 'before `color export`']],
    }),
  ).action(async (text, options) => {
    const context = contextOf(options);
    const found = await (await context.client()).call(countColors, { query: searchFrom(text, options) });
    const colors = `${found.isMore ? 'more than ' : ''}${count(found.colors)} colors`;
    context.print.result(found, () =>
      context.print.line(found.fits ? `${colors}.` : `${colors}: too many for a file, which takes ${count(mostExportedColors)}. Narrow the search.`),
    );
  });
}

export function colorExport() {
  return withFilters(
    command('export', {
      summary: 'Write what a search finds as Excel or CSV',
      examples: [['tidewheel color export acme --from 2026-01-01 --output acme.xlsx', 'at most 100,000 colors']],
    }),
  )
    .addOption(new Option('--format <format>', 'xlsx or csv').choices(['xlsx', 'csv']).default('xlsx' as const))
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (text, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const overwrite = options.force === true;
      if (options.output !== undefined) await refuseExisting(options.output, overwrite);
      const query = { ...searchFrom(text, options), format: options.format };
      const response = await client.download(exportColors, { query }, { signal: context.interrupted });
      const target = options.output ?? fileNameOf(response, `colors.${options.format}`);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
    });
}

export function colorChoices() {
  return command('choices', {
    summary: 'List the sectors, markets, sources and dealers that occur',
    examples: [['tidewheel color choices', 'what filters may say']],
  }).action(async (options) => {
    const context = contextOf(options);
    const choices = await (await context.client()).call(listColorChoices);
    context.print.result(choices, () =>
      context.print.facts([
        ['Sectors', choices.sectors.join(', ')],
        ['Markets', choices.markets.join(', ')],
        ['Sources', choices.sources.join(', ')],
        ['Dealers', choices.dealers.join(', ')],
      ]),
    );
  });
}

const recentColumns: TableColumn<RecentSearch>[] = [
  { title: 'When', value: ({ at }) => instant(at), whole: true },
  { title: 'Found', value: ({ found }) => count(found), align: 'right' },
  { title: 'Search', value: ({ search }) => searchText(search) },
];

export function searchText(search: RecentSearch['search']): string {
  const { text, ...rest } = search;
  return [...(text === undefined ? [] : [text]), ...Object.entries(rest).map(([name, value]) => `${name}=${value}`)].join(' ') || 'everything';
}

export function colorRecent() {
  return group('recent', { summary: 'See and empty your history of searches' })
    .addCommand(
      command('list', { summary: 'List what you looked for last', examples: [['tidewheel color recent list', 'the newest 50']] }).action(async (options) => {
        const context = contextOf(options);
        const items = await (await context.client()).call(listRecentSearches);
        context.print.result(items, () =>
          items.length === 0 ? context.print.note('You have not looked for anything yet.') : context.print.table(recentColumns, items),
        );
      }),
    )
    .addCommand(
      command('forget', { summary: 'Empty your history of searches', examples: [['tidewheel color recent forget', 'saved searches stay']] }).action(
        async (options) => {
          const context = contextOf(options);
          const gone = await (await context.client()).call(forgetRecentSearches);
          context.print.result(gone, () => context.print.line(`${count(gone.forgotten)} forgotten.`));
        },
      ),
    );
}
