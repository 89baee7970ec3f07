// `tidewheel color session`: colors arranged by hand before they are processed.
import { Option } from '@commander-js/extra-typings';
import {
  changeColorSession,
  discardColorSession,
  listColorSessions,
  listSessionEntries,
  listSessionRows,
  meetInSession,
  processColorSession,
  rankColorSession,
  redoSessionChange,
  showColorSession,
  startColorSession,
  undoSessionChange,
  updateColorSession,
} from '@tidewheel/client/routes';
import { ColorField } from '@tidewheel/contract/color';
import { RowColor } from '@tidewheel/contract/color-rule';
import {
  type ColorSession,
  type ColorSessionDetail,
  type SessionAction,
  type SessionRow,
  sessionShares,
  sessionStates,
  sessionViews,
} from '@tidewheel/contract/color-session';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf, gather, group } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';

const columns: TableColumn<ColorSession>[] = [
  { title: 'Id', value: ({ id }) => id, whole: true },
  { title: 'Title', value: ({ title }) => title },
  { title: 'State', value: ({ state }) => state },
  { title: 'Owner', value: ({ owner }) => owner, optional: true },
  { title: 'Rows', value: ({ rows }) => String(rows), align: 'right' },
  { title: 'Shared', value: ({ shared }) => shared, optional: true },
];
const rowColumns: TableColumn<SessionRow>[] = [
  { title: 'Id', value: ({ id }) => id, whole: true },
  { title: 'Line', value: (row) => (row.removed ? 'removed' : row.excluded ? 'out' : String(row.position)), align: 'right' },
  { title: 'Bond', value: (row) => `${row.child ? '  ' : ''}${row.cusip ?? row.isin ?? row.ticker ?? ''}` },
  { title: 'Dealer', value: (row) => row.dealer ?? '', optional: true },
  { title: 'Rank', value: (row) => String(row.rank ?? ''), align: 'right' },
  { title: 'PX', value: (row) => String(row.px ?? ''), align: 'right' },
  { title: 'Colour', value: (row) => row.color ?? '', optional: true },
];

export function colorSession() {
  return group('session', { summary: 'Arrange colors by hand, then process them' })
    .addCommand(list())
    .addCommand(start())
    .addCommand(show())
    .addCommand(update())
    .addCommand(rows())
    .addCommand(change())
    .addCommand(rank())
    .addCommand(step('undo'))
    .addCommand(step('redo'))
    .addCommand(entries())
    .addCommand(who())
    .addCommand(process())
    .addCommand(discard());
}

function list() {
  return command('list', {
    summary: 'List your sessions and those that are shared',
    examples: [['tidewheel color session list --state open', 'what is being worked on']],
  })
    .addOption(new Option('--state <state>', 'only these').choices(sessionStates))
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listColorSessions, { query: { ...page, state: options.state } }));
      printListing(context.print, listing, { columns, empty: 'There are no sessions.' });
    });
}

function start() {
  return command('start', {
    summary: 'Take the free colors of the buffer into a session',
    examples: [['tidewheel color session start --title "Morning"', 'all that waits']],
  })
    .option('--title <text>', 'its name; without it the day')
    .option('--upload <id>', 'only of this upload; may be given several times', gather)
    .option('--source <name>', 'only of this source; may be given several times', gather)
    .option('--rule <id>', 'only by this rule; may be given several times', gather)
    .addOption(new Option('--duplicates <what>', 'what says the same as an earlier row').choices(['take', 'leave'] as const).default('leave' as const))
    .action(async (options) => {
      const context = contextOf(options);
      const { title, upload, source, rule, duplicates } = options;
      const body = { title, uploads: upload ?? [], sources: source ?? [], rules: rule, duplicates };
      const made = await (await context.client()).call(startColorSession, { body });
      context.print.result(made, () => context.print.line(textOf(made)));
    });
}

function textOf({ id, title, state, kept, excluded, removed, doubtful, revision }: ColorSessionDetail): string {
  return `${title} (${id}) is ${state}: ${kept} in the sheet, ${excluded} excluded, ${removed} removed, ${doubtful} with doubts; ${revision} changes`;
}

function show() {
  return command('show', { summary: 'Show what stands in a session', examples: [['tidewheel color session show 019a…', 'its counts']] })
    .argument('<id>', 'of the session')
    .action(async (id, options) => {
      const context = contextOf(options);
      const found = await (await context.client()).call(showColorSession, { params: { id } });
      context.print.result(found, () => context.print.line(textOf(found)));
    });
}

function update() {
  return command('update', {
    summary: 'Rename a session, or share it',
    examples: [['tidewheel color session update 019a… --shared edit', 'others may go on with it']],
  })
    .argument('<id>', 'of the session')
    .option('--title <text>', 'its new name')
    .addOption(new Option('--shared <how>', 'what others of the workspace may do').choices(sessionShares))
    .action(async (id, options) => {
      const context = contextOf(options);
      const { title, shared } = options;
      const found = await (await context.client()).call(updateColorSession, { params: { id }, body: { title, shared } });
      context.print.result(found, () => context.print.line(`${found.title}: shared ${found.shared}`));
    });
}

const viewOption = () => new Option('--which <which>', 'which of them').choices(sessionViews).default('all' as const);

function rows() {
  return command('rows', {
    summary: 'The rows of a session in their order',
    examples: [['tidewheel color session rows 019a… --which excluded', 'what rules or people took out']],
  })
    .argument('<id>', 'of the session')
    .addOption(viewOption())
    .option('--search <text>', 'begins a CUSIP, ISIN or ticker, or is in the name of issuer or dealer')
    .option('--from <n>', 'from this row on', (text) => positiveCount(text), 1)
    .option('--limit <n>', 'at most so many, up to 500', positiveCount, 50)
    .action(async (id, options) => {
      const context = contextOf(options);
      const { which, search, from, limit } = options;
      const found = await (await context.client()).call(listSessionRows, { params: { id }, query: { which, search, from: from - 1, limit } });
      context.print.result(found, () => {
        context.print.table(rowColumns, found.rows);
        context.print.note(`${found.rows.length} of ${found.total}`);
      });
    });
}

function change() {
  return command('change', {
    summary: 'Change rows of a session: named ones, or all that a filter finds',
    examples: [
      ['tidewheel color session change 019a… cells --row 019b… --set px=98-16+', 'a price'],
      ['tidewheel color session change 019a… exclude --search XYZ', 'a whole issuer'],
      ['tidewheel color session change 019a… move --row 019b… --before 019c… --families', 'a bond with all its rows'],
    ],
  })
    .argument('<id>', 'of the session')
    .argument('<what>', 'cells, remove, restore, exclude, include, color or move')
    .option('--row <id>', 'a row; may be given several times', gather)
    .addOption(new Option('--which <which>', 'all of these').choices(sessionViews))
    .option('--search <text>', 'all that this finds')
    .option('--set <field=value>', 'of cells; may be given several times', gather)
    .addOption(new Option('--color <colour>', 'of color; without it none').choices(RowColor.options))
    .option('--before <id>', 'of move: the row before which they come; without it the end')
    .option('--families', 'of move: with all rows of their bonds')
    .action(async (id, what, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { revision } = await client.call(showColorSession, { params: { id } });
      const { row, which, search } = options;
      const named =
        row === undefined
          ? {}
          : {
              rows: await revisionsOf(
                row,
                async (from) => (await client.call(listSessionRows, { params: { id }, query: { which: 'all', from, limit: 500 } })).rows,
              ),
            };
      const filter = which === undefined && search === undefined ? {} : { filter: { which: which ?? ('all' as const), search }, seen: revision };
      const done = await client.call(changeColorSession, { params: { id }, body: { action: actionOf(what, options), ...named, ...filter } });
      context.print.result(done, () => context.print.line(`${done.changed} rows changed; change ${done.revision}`));
    });
}

/** Removed rows are not in sight: the filter of the server finds those. */
async function revisionsOf(ids: string[], window: (from: number) => Promise<SessionRow[]>): Promise<{ id: string; revision: number }[]> {
  const found: { id: string; revision: number }[] = [];
  for (let from = 0; ; from += 500) {
    const some = await window(from);
    found.push(...some.filter(({ id }) => ids.includes(id)).map(({ id, revision }) => ({ id, revision })));
    if (found.length === ids.length) return found;
    if (some.length < 500)
      throw new InvalidInput('color_session.no_row', 'Not all of these rows are in the session.', {
        hint: 'Look at `tidewheel color session rows`; removed ones come back by --which removed.',
      });
  }
}

interface ChangeOptions {
  set?: string[] | undefined;
  color?: RowColor | undefined;
  before?: string | undefined;
  families?: true | undefined;
}

function actionOf(kind: string, { set = [], color, before, families }: ChangeOptions): SessionAction {
  if (kind === 'cells') return { kind, fields: Object.fromEntries(set.map(fieldOf)) };
  if (kind === 'color') return { kind, color: color ?? null };
  if (kind === 'move') return { kind, before: before ?? null, families: families === true };
  if (kind === 'remove' || kind === 'restore' || kind === 'exclude' || kind === 'include') return { kind };
  throw new InvalidInput('input.change', `${JSON.stringify(kind)} is no change of rows`, {
    hint: 'It is cells, remove, restore, exclude, include, color or move.',
  });
}

function fieldOf(text: string): [ColorField, string] {
  const at = text.indexOf('=');
  const field = ColorField.safeParse(text.slice(0, at));
  if (at > 0 && field.success) return [field.data, text.slice(at + 1)];
  throw new InvalidInput('input.field', `${JSON.stringify(text)} is no field=value`, { hint: `Fields are ${ColorField.options.join(', ')}.` });
}

function rank() {
  return command('rank', {
    summary: 'Apply rules again; what people decided stays',
    examples: [['tidewheel color session rank 019a… --keep-order', 'only what is out and which colour']],
  })
    .argument('<id>', 'of the session')
    .option('--rule <id>', 'only this rule; may be given several times', gather)
    .option('--keep-order', 'every row stays where it is')
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { revision } = await client.call(showColorSession, { params: { id } });
      const body = { rules: options.rule, reorder: options.keepOrder !== true, seen: revision };
      const done = await client.call(rankColorSession, { params: { id }, body });
      context.print.result(done, () => context.print.line(`${done.changed} rows changed`));
    });
}

function step(what: 'undo' | 'redo') {
  const summary = what === 'undo' ? 'Take back your newest change that stands' : 'Bring again what you took back last';
  return command(what, { summary, examples: [[`tidewheel color session ${what} 019a…`, 'one change']] })
    .argument('<id>', 'of the session')
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const done = await (what === 'undo' ? client.call(undoSessionChange, { params: { id }, body: {} }) : client.call(redoSessionChange, { params: { id } }));
      context.print.result(done, () => context.print.line(`${done.changed} rows as they were ${what === 'undo' ? 'before' : 'after'}`));
    });
}

function entries() {
  return command('entries', { summary: 'Who changed what in a session', examples: [['tidewheel color session entries 019a…', 'newest first']] })
    .argument('<id>', 'of the session')
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const listing = await gatherPages(options.limit, (page) => client.call(listSessionEntries, { params: { id }, query: page }));
      printListing(context.print, listing, {
        columns: [
          { title: 'No.', value: ({ number }) => String(number), align: 'right' },
          { title: 'What', value: ({ kind, ofEntry }) => (ofEntry === null ? kind : `${kind} of ${ofEntry}`) },
          { title: 'Rows', value: ({ rows: many }) => String(many), align: 'right' },
          { title: 'By', value: ({ by }) => by },
          { title: 'At', value: ({ at }) => at, whole: true },
        ],
        empty: 'Nothing was changed.',
      });
    });
}

function who() {
  return command('who', { summary: 'Who else has the session open', examples: [['tidewheel color session who 019a…', 'before you change much']] })
    .argument('<id>', 'of the session')
    .action(async (id, options) => {
      const context = contextOf(options);
      const met = await (await context.client()).call(meetInSession, { params: { id }, body: {} });
      context.print.result(met, () => context.print.line(met.others.map(({ label }) => label).join(', ') || 'Nobody else.'));
    });
}

function process() {
  return command('process', {
    summary: 'Run the color flow over the rows as they were arranged',
    examples: [['tidewheel color session process 019a…', 'by the flow of the desk']],
  })
    .argument('<id>', 'of the session')
    .option('--flow <slug>', 'the flow; without it that of the desk, or the only one of kind color')
    .action(async (id, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(processColorSession, { params: { id }, body: { flow: options.flow } });
      context.print.result(done, () => context.print.line(`Run ${done.run.id} processes ${done.session.title}`));
    });
}

function discard() {
  return command('discard', {
    summary: 'Give up a session: its rows go back to the buffer as they came',
    examples: [['tidewheel color session discard 019a…', 'all changes are lost']],
  })
    .argument('<id>', 'of the session')
    .action(async (id, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(discardColorSession, { params: { id } });
      context.print.result(done, () => context.print.line(`${done.title} is discarded; ${done.rows} rows are free again`));
    });
}
