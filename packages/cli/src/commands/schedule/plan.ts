// What a schedule will do, what it did, and why.
import { Option } from '@commander-js/extra-typings';
import { explainSchedule, listFirings, listOccurrences, previewSchedule } from '@tidewheel/client/routes';
import type { Fault } from '@tidewheel/contract/problem';
import type { Occurrence } from '@tidewheel/contract/schedule';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import { paint } from '../../output/terminal.ts';
import { plain } from '../../output/text.ts';
import { printFaults, readSource } from '../flow/source-file.ts';
import { documentsIn } from './document.ts';
import { firingColumns, occurrenceColumns, scheduleArgument } from './print-schedule.ts';

export function scheduleNext() {
  return command('next', {
    summary: 'List the next moments at which a schedule fires',
    examples: [['tidewheel schedule next mifir-evening --limit 5', 'on its own clocks, and as instants for skip and move']],
  })
    .argument('<schedule>', scheduleArgument)
    .option('--limit <n>', 'at most so many', positiveCount, 50)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const limit = Math.min(200, options.limit);
      const found = await (await context.client()).call(listOccurrences, { params: { slug }, query: { limit } });
      context.print.result(found, () => {
        if (found.items.length > 0) context.print.table(occurrenceColumns, found.items);
        else context.print.line('Nothing is to come.');
        if (found.stopped) context.print.note(plain(found.stopped));
      });
    });
}

export function scheduleWhy() {
  return command('why', {
    summary: 'Explain why a schedule fires, or did not, on a date',
    examples: [['tidewheel schedule why mifir-evening 2026-12-25', 'what the day is, and where its run went']],
  })
    .argument('<schedule>', scheduleArgument)
    .argument('<date>', 'YYYY-MM-DD, in the time zone of the schedule')
    .action(async (slug, date, options) => {
      const context = contextOf(options);
      const told = await (await context.client()).call(explainSchedule, { params: { slug }, query: { date } });
      context.print.result(told, () => {
        context.print.line(paint('bold', plain(told.verdict)));
        for (const note of told.notes) context.print.line(`- ${plain(note)}`);
        if (told.firings.length > 0) context.print.table(firingColumns, told.firings);
      });
    });
}

export function scheduleHistory() {
  return command('history', {
    summary: 'List what became of the moments of a schedule, newest first',
    examples: [['tidewheel schedule history mifir-evening --outcome failed', 'what did not start, and why']],
  })
    .argument('<schedule>', scheduleArgument)
    .addOption(new Option('--outcome <outcome>', 'only these').choices(['fired', 'skipped', 'failed'] as const))
    .option('--limit <n>', 'at most so many', positiveCount, 20)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { outcome } = options;
      const listing = await gatherPages(options.limit, (page) => client.call(listFirings, { params: { slug }, query: { ...page, outcome } }));
      printListing(context.print, listing, { columns: firingColumns, empty: 'Nothing was due yet.' });
    });
}

export function schedulePreview() {
  return command('preview', {
    summary: 'Say what a schedule would do, without saving it',
    examples: [['tidewheel schedule preview evening.yaml', 'its rules in words, the next moments, every fault']],
  })
    .argument('<file>', 'a YAML file, or - for stdin')
    .option('--limit <n>', 'at most so many', positiveCount, 10)
    .action(async (fileName, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const file = await readSource(fileName);
      const previews: { words: string[]; next: Occurrence[]; faults: Fault[] }[] = [];
      for (const { schedule: _name, active: _active, title: _title, description: _description, ...given } of documentsIn(file.source, file.name)) {
        const body = { ...given, most: Math.min(200, options.limit) } as never;
        previews.push(await client.call(previewSchedule, { body }));
      }
      context.print.result(previews, () => {
        for (const { words, next, faults } of previews) {
          for (const text of words) context.print.line(plain(text));
          if (next.length > 0) context.print.table(occurrenceColumns, next);
          printFaults(context.print, file, faults);
        }
      });
    });
}
