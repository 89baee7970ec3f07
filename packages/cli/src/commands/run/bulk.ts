import { Argument, Option } from '@commander-js/extra-typings';
import type { Client } from '@tidewheel/client/client';
import { previewBulk, runBulk as runBulkRoute } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { BulkOutcome, BulkPreview, BulkSelection } from '@tidewheel/contract/routes/bulk';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { count, plain } from '../../output/text.ts';
import { resolveRun } from '../../run-reference.ts';

const states = ['queued', 'running', 'succeeded', 'failed', 'cancelling', 'cancelled'] as const;

interface Filters {
  flow?: string | undefined;
  state?: (typeof states)[number] | undefined;
  since?: string | undefined;
  before?: string | undefined;
  by?: string | undefined;
  code?: string | undefined;
}

export function runBulk() {
  return command('bulk', {
    summary: 'Cancel, pause, resume or repeat many runs at once',
    description: 'Says first which runs it will touch; only with --yes it does. Exits with 1 when some were refused, each told with its reason.',
    examples: [
      ['tidewheel run bulk cancel --flow mifir-daily --state queued', 'how many that would be'],
      ['tidewheel run bulk rerun --flow mifir-daily --state failed --since 2026-11-19 --from failed --yes', 'go on with all that failed since then'],
      ['tidewheel run bulk pause 12 13 14 --yes', 'these three'],
    ],
  })
    .addArgument(new Argument('<action>', 'what to do').choices(['cancel', 'pause', 'resume', 'rerun'] as const))
    .argument('[runs...]', 'ids or numbers of runs, instead of a filter')
    .option('--flow <flow>', 'runs of this flow')
    .addOption(new Option('--state <state>', 'runs in this state').choices(states))
    .option('--since <when>', 'made from this date or instant on')
    .option('--before <when>', 'made before this date or instant')
    .option('--by <who>', 'started by this address or name')
    .option('--code <code>', 'that failed with this error')
    .addOption(new Option('--from <where>', 'of rerun: only what failed, instead of whole').choices(['failed'] as const))
    .option('--yes', 'do it')
    .action(async (action, runs, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const selected = await selectedBy(client, runs, options);
      await bulkCommand(context, { action, ...selected, from: options.from }, options.yes === true);
    });
}

/** Shows the preview, and with `isSure` carries it out. */
export async function bulkCommand(context: Context, selection: BulkSelection, isSure: boolean): Promise<void> {
  const client = await context.client();
  const preview = await client.call(previewBulk, { body: selection });
  if (!isSure || preview.total === 0) return context.print.result(preview, () => printPreview(context, preview));
  const results = await carryOut(client, preview);
  const refused = results.filter(({ done }) => !done);
  context.print.result({ ...preview, results }, () => {
    context.print.line(`${count(results.length - refused.length)} of ${count(preview.total)} done.`);
    for (const { run, code, message } of refused.slice(0, 50)) context.print.line(`  ${run}: ${plain(message ?? '')} (${code})`);
    if (refused.length > 50) context.print.line(`  and ${count(refused.length - 50)} more were refused`);
  });
  if (refused.length > 0) throw new CommandFailed(exitCodes.failed);
}

async function carryOut(client: Client, { id }: BulkPreview): Promise<BulkOutcome['results']> {
  const results: BulkOutcome['results'] = [];
  for (;;) {
    const { results: some, left } = await client.call(runBulkRoute, { params: { id } });
    results.push(...some);
    if (left === 0) return results;
  }
}

function printPreview({ print }: Context, { action, total, passedOver, sample }: BulkPreview): void {
  const passed = passedOver > 0 ? ` (${count(passedOver)} more are not fit for it)` : '';
  print.line(total === 0 ? `There is nothing to ${action}${passed}.` : `This would ${action} ${count(total)} ${total === 1 ? 'run' : 'runs'}${passed}:`);
  for (const run of sample) print.line(`  ${run.number} of ${run.flow}, ${run.state}`);
  if (total > sample.length) print.line(`  and ${count(total - sample.length)} more`);
  if (total > 0) print.line('Say --yes to do it.');
}

async function selectedBy(client: Client, runs: string[], { flow, state, since, before, by, code }: Filters): Promise<Pick<BulkSelection, 'ids' | 'filter'>> {
  const filter = { flow, state, startedAfter: instantOf(since), startedBefore: instantOf(before), startedBy: by, code };
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (isFiltered === runs.length > 0)
    throw new InvalidInput('cli.options', isFiltered ? 'name either runs or a filter' : 'say which runs', {
      hint: 'For example --flow mifir-daily --state failed, or their numbers.',
    });
  if (isFiltered) return { filter };
  const ids: string[] = [];
  for (const run of runs) ids.push(await resolveRun(client, run));
  return { ids };
}

/** @throws InvalidInput */
export function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new InvalidInput('input.instant', `"${text}" is no date and no instant`, { hint: 'For example 2026-11-19 or 2026-11-19T08:00:00Z.' });
  return at.toISOString();
}
