import { Option } from '@commander-js/extra-typings';
import { previewBackfill, showFlow, startBackfill } from '@tidewheel/client/routes';
import { type BackfillPreview, backfillSteps } from '@tidewheel/contract/routes/backfills';
import { command, contextOf, gather } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import type { Printer } from '../../output/printer.ts';
import { count } from '../../output/text.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { printBackfill } from './print-backfill.ts';

export function backfillStart() {
  return command('start', {
    summary: 'Run a flow for every date of a range',
    description: 'Says first how many runs that are and how long they will take; only with --yes it starts them.',
    examples: [
      ['tidewheel backfill start mifir-daily --parameter businessDate --from 2026-01-05 --to 2026-01-30 --every weekday', 'its price'],
      ['tidewheel backfill start mifir-daily --parameter businessDate --from 2026-01-05 --to 2026-01-30 --at-once 4 --skip-succeeded --yes', 'do it'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .requiredOption('--parameter <name>', 'its parameter of the type date')
    .requiredOption('--from <date>', 'the first date')
    .requiredOption('--to <date>', 'the last date')
    .addOption(new Option('--every <step>', 'each of these').choices(backfillSteps).default('day' as const))
    .option('--at-once <n>', 'so many run at once', positiveCount, 1)
    .option('--skip-succeeded', 'leave out dates for which a run has succeeded')
    .option('-p, --param <name=value>', 'another parameter, the same for all; may be given several times', gather)
    .option('--dry-run', 'change nothing outside')
    .option('--yes', 'start them')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const pairs = options.param ?? [];
      const parameters = pairs.length > 0 ? valuesFrom(pairs, (await client.call(showFlow, { params })).parametersSchema) : {};
      const { parameter, from, to, every, atOnce: concurrency, skipSucceeded } = options;
      const mode = options.dryRun ? ('dry' as const) : ('normal' as const);
      const body = { parameter, from, to, every, concurrency, parameters, mode, skipSucceeded: skipSucceeded === true };
      if (options.yes) {
        const backfill = await client.call(startBackfill, { params, body });
        return context.print.result(backfill, () => printBackfill(context.print, backfill));
      }
      const preview = await client.call(previewBackfill, { params, body });
      context.print.result(preview, () => printPrice(context.print, preview));
    });
}

function printPrice(print: Printer, { runs, dates, succeeded, medianMs, expectedMs, concurrency }: BackfillPreview): void {
  print.line(`${count(runs)} runs${runs > 0 ? `, from ${dates[0]} to ${dates.at(-1)}, ${concurrency} at once` : ''}.`);
  print.line(
    expectedMs === null || medianMs === null
      ? 'How long it takes is not known: no run of this flow has succeeded yet.'
      : `Expected to take ${Math.ceil(expectedMs / 1000)} s: the newest runs took ${Math.ceil(medianMs / 1000)} s each.`,
  );
  if (succeeded.length > 0) print.line(`${count(succeeded.length)} dates of the range have a run that succeeded.`);
  if (runs > 0) print.line('Say --yes to start them.');
}
