import { showEngine } from '@tidewheel/client/routes';
import type { EngineBacklog, EngineQueue, EngineStatus, EngineWorker } from '@tidewheel/contract/routes/engine';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import type { TableColumn } from '../../output/table.ts';
import { paint } from '../../output/terminal.ts';
import { count, elapsed, instant, plain } from '../../output/text.ts';

const queueColumns: TableColumn<EngineQueue>[] = [
  { title: 'Tag', value: (queue) => queue.tag, whole: true },
  { title: 'Workers', value: (queue) => String(queue.workers), align: 'right' },
  { title: 'Held', value: (queue) => `${count(queue.held)} of ${count(queue.places)}`, align: 'right' },
  { title: 'Waiting', value: (queue) => count(queue.ready), align: 'right' },
  { title: 'Later', value: (queue) => count(queue.delayed), align: 'right' },
  { title: 'Oldest', value: (queue) => elapsed(queue.oldestAt, null), align: 'right' },
  { title: 'Steps/min', value: (queue) => count(queue.perMinute), align: 'right' },
];
const workerColumns: TableColumn<EngineWorker>[] = [
  { title: 'Worker', value: (worker) => `${worker.host}:${worker.pid}`, whole: true },
  { title: 'State', value: (worker) => worker.state, whole: true },
  { title: 'Tags', value: (worker) => worker.tags.join(', ') },
  { title: 'Load', value: (worker) => `${worker.held} of ${worker.concurrency}`, align: 'right' },
  { title: 'Last sign', value: (worker) => `${elapsed(worker.beatAt, null)} ago`, align: 'right' },
  { title: 'Version', value: (worker) => worker.version, optional: true },
  { title: 'Runs', value: (worker) => worker.runs.map((each) => `${each.number} ${each.step}`).join(', '), optional: true },
];

export function engineStatus() {
  return command('status', {
    summary: 'Show the workers with what they run, and the queues with what waits',
    examples: [['tidewheel engine status', 'load, drained workers, depth and rate of each queue']],
  }).action(async (options) => {
    const context = contextOf(options);
    const status = await (await context.client()).call(showEngine);
    context.print.result(status, () => printStatus(context.print, status));
  });
}

/** What has not ended, in one line; what there is none of is left out. */
function backlogText({ runs, held, paused, waits, parked }: EngineBacklog): string {
  const some = (number: number, what: string) => (number > 0 ? [`${count(number)} ${what}`] : []);
  const parts = [
    ...some(runs.queued, 'runs queued'),
    ...some(runs.running, 'running'),
    ...some(runs.cancelling, 'being cancelled'),
    ...some(held, 'held behind others'),
    ...some(paused, 'paused'),
    ...Object.entries(waits).flatMap(([kind, number]) => some(number ?? 0, `steps wait: ${kind}`)),
    ...some(parked.slot, 'steps wait for a slot'),
    ...some(parked.paused + parked.held, 'steps parked with their runs'),
  ];
  return parts.length === 0 ? 'Nothing is on its way.' : `${parts.join(', ')}.`;
}

function printStatus(print: Printer, { paused, workers, queues, backlog }: EngineStatus): void {
  if (paused)
    print.line(paint('bold', `No work is taken: ${plain(paused.by)} stopped it ${instant(paused.at)}${paused.reason ? `: ${plain(paused.reason)}` : ''}`));
  if (workers.length === 0) print.line('No worker is alive. Start the server with the role worker.');
  else print.table(workerColumns, workers);
  print.line();
  print.line(backlogText(backlog));
  if (queues.length === 0) return;
  print.line();
  print.table(queueColumns, queues);
}
