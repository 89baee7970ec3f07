import { showPerformanceTest } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printReport } from './print-report.ts';

export function performanceShow() {
  return command('show', {
    summary: 'Show what a performance test has measured, step by step',
    examples: [['tidewheel performance show 019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', 'by its id']],
  })
    .argument('<id>', 'id of the performance test')
    .action(async (id, options) => {
      const context = contextOf(options);
      const report = await (await context.client()).call(showPerformanceTest, { params: { id } });
      context.print.result(report, () => printReport(context.print, report));
    });
}
