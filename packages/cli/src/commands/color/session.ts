// `tidewheel color session`: colors arranged by hand before they are processed.
import { Option } from '@commander-js/extra-typings';
import {
  discardColorSession,
  explainSessionRow,
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
import { type ColorSession, type ColorSessionDetail, type SessionRow, sessionShares, sessionStates, sessionViews } from '@tidewheel/contract/color-session';
import { command, contextOf, gather, group } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { change } from './session-change.ts';

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
    .addCommand(why())
    .addCommand(rank())
    .addCommand(undo())
    .addCommand(redo())
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

function why() {
  return command('why', {
    summary: 'Why a row is where it is, and what was done to it',
    examples: [['tidewheel color session why 019a… 019b…', 'its rule, what it stands below, who changed it']],
  })
    .argument('<id>', 'of the session')
    .argument('<row>', 'its id')
    .action(async (id, row, options) => {
      const context = contextOf(options);
      const found = await (await context.client()).call(explainSessionRow, { params: { id, row } });
      context.print.result(found, () => {
        for (const { text } of found.reasons) context.print.line(text);
        for (const { number, kind, by, at, isUndone } of found.changes)
          context.print.line(`Change ${number}, ${kind}, by ${by} at ${at}${isUndone ? ', taken back' : ''}`);
      });
    });
}

function undo() {
  return command('undo', {
    summary: 'Take back your newest change that stands, or a named one',
    examples: [
      ['tidewheel color session undo 019a…', 'one change'],
      ['tidewheel color session undo 019a… --entry 12 --and-later', 'the session as it was before change 12'],
    ],
  })
    .argument('<id>', 'of the session')
    .option('--entry <n>', 'this change, whoever made it', positiveCount)
    .option('--and-later', 'with all that came after it')
    .action(async (id, { entry, andLater = false, ...options }) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(undoSessionChange, { params: { id }, body: { entry, andLater } });
      context.print.result(done, () => context.print.line(`${done.changed} rows as they were before`));
    });
}

function redo() {
  return command('redo', { summary: 'Bring again what you took back last', examples: [['tidewheel color session redo 019a…', 'one change']] })
    .argument('<id>', 'of the session')
    .action(async (id, options) => {
      const context = contextOf(options);
      const done = await (await context.client()).call(redoSessionChange, { params: { id } });
      context.print.result(done, () => context.print.line(`${done.changed} rows as they were after`));
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
