import { setTimeout as sleep } from 'node:timers/promises';
import { showFlow, showPerformanceTest, startPerformanceTest } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { valuesFrom } from '../../parameter-values.ts';
import { printReport } from './print-report.ts';

const lookEveryMs = 1_000;

export function performanceStart() {
  return command('start', {
    summary: 'Run a flow many times over and measure its steps',
    description: 'Waits for its end and shows what was measured. A dry run, unless --for-real is said.',
    examples: [
      ['tidewheel performance start flights --runs 50 --at-once 4', 'fifty dry runs, four at once'],
      ['tidewheel performance start flights --for-real --no-wait', 'twenty real runs, looked at later'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .option('--runs <n>', 'so many', positiveCount, 20)
    .option('--at-once <n>', 'so many run at once', positiveCount, 1)
    .option('-p, --param <name=value>', 'a parameter, the same for all; may be given several times', gather)
    .option('--for-real', 'deliver, write and change as the flow says')
    .option('--no-wait', 'do not wait for the end')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const pairs = options.param ?? [];
      const parameters = pairs.length > 0 ? valuesFrom(pairs, (await client.call(showFlow, { params })).parametersSchema) : {};
      const mode = options.forReal ? ('normal' as const) : ('dry' as const);
      let report = await client.call(startPerformanceTest, { params, body: { runs: options.runs, concurrency: options.atOnce, mode, parameters } });
      while (options.wait && report.state === 'running') {
        await sleep(lookEveryMs);
        report = await client.call(showPerformanceTest, { params: { id: report.id } });
      }
      context.print.result(report, () => printReport(context.print, report));
    });
}
