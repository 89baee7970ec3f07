// `tidewheel color desk` and `tidewheel color run`: the figures of the desk, and its flows by hand.
import { Option } from '@commander-js/extra-typings';
import { exportColorDashboard, listSchedules, runSchedule, showColorDashboard, startRun } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { ColorDashboard } from '@tidewheel/contract/routes/color-dashboard';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { count, size } from '../../output/text.ts';
import { fileNameOf, refuseExisting, saveDownload } from '../../save-download.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function colorDesk() {
  return command('desk', {
    summary: 'Show what the desk kept: today, by type, source and sector, months; or write it to a file',
    examples: [
      ['tidewheel color desk --days 90', 'of the last 90 days'],
      ['tidewheel color desk --export xlsx -o desk.xlsx', 'as Excel, or csv'],
    ],
  })
    .option('--days <n>', 'today among them', positiveCount, 30)
    .addOption(new Option('--export <format>', 'write a file instead').choices(['xlsx', 'csv'] as const))
    .option('-o, --output <path>', 'file to write to; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async ({ days, export: format, output, force, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      if (format === undefined) {
        const shown = await client.call(showColorDashboard, { query: { days } });
        return context.print.result(shown, () => context.print.facts(factsOf(shown)));
      }
      const overwrite = force === true;
      if (output !== undefined) await refuseExisting(output, overwrite);
      const response = await client.download(exportColorDashboard, { query: { days, format } }, { signal: context.interrupted });
      const target = output ?? fileNameOf(response, `color-desk.${format}`);
      await refuseExisting(target, overwrite);
      const saved = await saveDownload({ response, target, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
      if (target !== '-') context.print.result(saved, () => context.print.line(`${saved.path}  ${size(saved.size)}`));
    });
}

function factsOf({ today, from, to, colors, byBias, bySource, bySector, months }: ColorDashboard): [string, string][] {
  const shares = (all: ColorDashboard['byBias']) =>
    all
      .slice(0, 12)
      .map(({ name, colors: n }) => `${name || 'none'} ${count(n)}`)
      .join(', ');
  return [
    [
      `Today, ${today.day}`,
      `${count(today.colors)} colors kept, ${count(today.excluded)} excluded, ${count(today.processings)} processings, ${count(today.waiting)} wait`,
    ],
    [`${from} to ${to}`, `${count(colors)} colors`],
    ['By type', shares(byBias)],
    ['By source', shares(bySource)],
    ['By sector', shares(bySector)],
    ...months.map(({ month, colors: n, processings }): [string, string] => [month, `${count(n)} colors, ${count(processings)} processings`]),
  ];
}

export function colorRun() {
  return command('run', {
    summary: 'Run a color flow by hand; what its schedule has next is kept, or cancelled',
    examples: [
      ['tidewheel color run color-morning', 'the next scheduled run stays'],
      ['tidewheel color run color-morning --next cancel --watch', 'instead of the next scheduled run, which is left out'],
    ],
  })
    .argument('<flow>', 'slug of the flow')
    .addOption(new Option('--next <what>', 'what becomes of the next scheduled run').choices(['keep', 'cancel'] as const).default('keep' as const))
    .option('--schedule <slug>', 'of several of the flow, the one whose moment it stands for')
    .option('--watch', 'show its steps until it has ended')
    .action(async (flow, { next, schedule, watch, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const chosen = next === 'cancel' || schedule !== undefined ? (schedule ?? (await onlySchedule(client, flow))) : undefined;
      const run =
        chosen === undefined
          ? await client.call(startRun, { params: { slug: flow }, body: {} })
          : await client.call(runSchedule, { params: { slug: chosen }, body: { next } });
      if (watch) return watchRun(context, run.id, { isQuiet: false, withLogs: false });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).`));
    });
}

type Client = Awaited<ReturnType<ReturnType<typeof contextOf>['client']>>;

/** @throws InvalidInput when it has none that fires, or several */
async function onlySchedule(client: Client, flow: string): Promise<string> {
  const { items } = await client.call(listSchedules, { query: { flow, state: 'active', limit: 20 } });
  const [first, ...others] = items;
  if (first && others.length === 0) return first.slug;
  throw new InvalidInput(
    'cli.schedule',
    first ? `${flow} has ${items.length} active schedules: ${items.map(({ slug }) => slug).join(', ')}.` : `${flow} has no active schedule.`,
    { hint: first ? 'Say which by --schedule.' : 'Leave out --next cancel.' },
  );
}
