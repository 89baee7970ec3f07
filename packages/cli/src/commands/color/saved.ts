// `tidewheel color saved`: searches that are kept.
import { listSavedSearches, removeSavedSearch, saveSearch, updateSavedSearch } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { SavedSearch } from '@tidewheel/contract/routes/color-search';
import { command, contextOf, group } from '../../command.ts';
import type { TableColumn } from '../../output/table.ts';
import { searchText } from './search.ts';
import { searchFrom, sortOption, withSearch } from './search-options.ts';

const columns: TableColumn<SavedSearch>[] = [
  { title: 'Id', value: (one) => one.id, whole: true },
  { title: 'Title', value: (one) => one.title },
  { title: 'Search', value: (one) => searchText(one.search) },
  { title: 'Shared', value: (one) => (one.shared ? 'yes' : 'no') },
  { title: 'Alert', value: (one) => (one.alert ? 'yes' : 'no') },
  { title: 'Of', value: (one) => (one.mine ? 'you' : one.owner), optional: true },
];

export function colorSaved() {
  return group('saved', { summary: 'Keep searches, share them, be told of new matches' })
    .addCommand(list())
    .addCommand(add())
    .addCommand(change())
    .addCommand(remove());
}

function list() {
  return command('list', { summary: 'List your saved searches and those shared with you', examples: [['tidewheel color saved list', 'by title']] }).action(
    async (options) => {
      const context = contextOf(options);
      const items = await (await context.client()).call(listSavedSearches);
      context.print.result(items, () => (items.length === 0 ? context.print.note('No saved searches.') : context.print.table(columns, items)));
    },
  );
}

function add() {
  return withSearch(
    command('add', {
      summary: 'Save a search',
      examples: [['tidewheel color saved add "Cheap energy" --sector Energy --px-to 90 --alert', 'you are told of new matches']],
    }),
  )
    .argument('<title>', 'its title')
    .argument('[text]', 'begins a CUSIP, ISIN or ticker, or is in the name of an issuer')
    .addOption(sortOption())
    .option('--shared', 'everybody of the workspace sees it')
    .option('--alert', 'you are told when a processing brings matches')
    .action(async (title, text, { shared, alert, ...options }) => {
      const context = contextOf(options);
      const body = { title, search: searchFrom(text, options), shared: shared === true, alert: alert === true };
      const saved = await (await context.client()).call(saveSearch, { body });
      context.print.result(saved, () => context.print.line(`“${saved.title}” is saved as ${saved.id}.`));
    });
}

function change() {
  return command('change', {
    summary: 'Rename a saved search, share it, or be told of its matches',
    examples: [['tidewheel color saved change 019a… --alert on --shared off', 'what is left out stays']],
  })
    .argument('<id>', 'its id')
    .option('--title <text>', 'a new title')
    .option('--shared <on|off>', 'whether everybody of the workspace sees it')
    .option('--alert <on|off>', 'whether you are told of new matches')
    .action(async (id, { title, shared, alert, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const before = (await client.call(listSavedSearches)).find((one) => one.id === id);
      if (!before) throw new NotFound('color_search.unknown', 'There is no such saved search.', { hint: 'Look at `tidewheel color saved list`.' });
      const { search, revision } = before;
      const body = { title: title ?? before.title, search, shared: isOn(shared) ?? before.shared, alert: isOn(alert) ?? before.alert, revision };
      const saved = await client.call(updateSavedSearch, { params: { id }, body });
      context.print.result(saved, () => context.print.line(`“${saved.title}” is changed.`));
    });
}

function isOn(text: string | undefined): boolean | undefined {
  if (text === undefined || text === 'on' || text === 'off') return text === undefined ? undefined : text === 'on';
  throw new InvalidInput('input.switch', `${text} is neither on nor off.`, { hint: 'Write `--alert on` or `--alert off`.' });
}

function remove() {
  return command('remove', { summary: 'Remove a search that you saved', examples: [['tidewheel color saved remove 019a…', 'its alerts end']] })
    .argument('<id>', 'its id')
    .action(async (id, options) => {
      const context = contextOf(options);
      const gone = await (await context.client()).call(removeSavedSearch, { params: { id } });
      context.print.result(gone, () => context.print.line(`“${gone.title}” is removed.`));
    });
}
