import { Option } from '@commander-js/extra-typings';
import { changeCalendar, createCalendar, previewCalendarImport, showCalendar } from '@tidewheel/client/routes';
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { NotFound } from '@tidewheel/contract/errors';
import type { ImportPreview } from '@tidewheel/contract/routes/calendars';
import { command, contextOf } from '../../command.ts';
import type { Context } from '../../context.ts';
import { readBlob } from '../../input.ts';
import { positiveCount } from '../../listing.ts';
import { count } from '../../output/text.ts';

export function calendarImport() {
  return command('import', {
    summary: 'Add the dates of a CSV or ICS file to a calendar, or make one of them',
    description:
      'CSV: date,name with YYYY-MM-DD or 31.12.2026. ICS: recurring events are expanded. Dates that it has already are replaced by those of the file.',
    examples: [
      ['tidewheel calendar import desk closing-days.csv --dry-run', 'what would come in, and which lines would not'],
      ['tidewheel calendar import desk holidays.ics --from 2026 --to 2028', 'recurring events of these years'],
    ],
  })
    .argument('<calendar>', 'name of the calendar; one that does not exist is made')
    .argument('<path>', 'the file')
    .addOption(new Option('--format <format>', 'by its first line when omitted').choices(['csv', 'ics'] as const))
    .option('--from <year>', 'recurring events from this year on', positiveCount)
    .option('--to <year>', 'until this year', positiveCount)
    .option('--note <text>', 'where the dates come from')
    .option('--dry-run', 'only show what would be imported')
    .action(async (slug, file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const body = await readBlob(file);
      const { format, from, to } = options;
      const read = await client.call(previewCalendarImport, { query: { format, from, to }, body });
      if (options.dryRun) return context.print.result(read, () => printRead(context, read));
      const found = await client.call(showCalendar, { params: { slug }, query: {} }).catch((error: unknown) => {
        if (error instanceof NotFound && error.code === 'calendar.unknown') return null;
        throw error;
      });
      const definition = withDates(found?.definition ?? { rules: [] }, read.dates);
      const note = options.note ?? `Imported from ${file.split(/[/\\]/).at(-1)}`;
      const calendar = found
        ? await client.call(changeCalendar, { params: { slug }, body: { definition, note, version: found.version } })
        : await client.call(createCalendar, { body: { slug, title: slug, note, definition } });
      context.print.result({ calendar, faults: read.faults }, () => {
        printFaults(context, read);
        context.print.line(`${count(read.dates.length)} dates are in version ${calendar.version} of calendar ${calendar.slug}.`);
      });
    });
}

/** Its first list of dates takes them in; without one it gets one. */
function withDates(definition: CalendarDefinition, dates: ImportPreview['dates']): CalendarDefinition {
  const at = definition.rules.findIndex(({ kind }) => kind === 'dates');
  const before = definition.rules[at];
  const kept = before?.kind === 'dates' ? before.dates : [];
  const merged = new Map([...kept, ...dates].map((one) => [one.date, one]));
  const list = { kind: 'dates' as const, dates: [...merged.values()].sort((a, b) => (a.date < b.date ? -1 : 1)) };
  return { ...definition, rules: at < 0 ? [...definition.rules, list] : definition.rules.with(at, list) };
}

function printRead(context: Context, read: ImportPreview): void {
  context.print.table(
    [
      { title: 'Date', value: ({ date }) => date, whole: true },
      { title: 'Name', value: ({ name }) => name },
    ],
    read.dates,
  );
  printFaults(context, read);
}

function printFaults({ print }: Context, { faults, faultCount }: ImportPreview): void {
  for (const { line, message } of faults.slice(0, 20)) print.note(`line ${line}: ${message}`);
  if (faultCount > 20) print.note(`and ${count(faultCount - 20)} more lines that were left out`);
}
