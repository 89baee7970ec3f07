import { showScheduler, startScheduler, stopScheduler } from '@tidewheel/client/routes';
import type { SchedulerStatus } from '@tidewheel/contract/routes/schedules';
import { command, contextOf, group } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { count, duration, elapsed, instant, plain } from '../../output/text.ts';

export function scheduler() {
  const commands = group('scheduler', { summary: 'See who fires schedules and how that goes; stop and start all firing' });
  for (const child of [schedulerStatus(), schedulerStop(), schedulerStart()]) commands.addCommand(child);
  return commands;
}

function schedulerStatus() {
  return command('status', {
    summary: 'Show who fires schedules, what is due, and how today went',
    examples: [['tidewheel scheduler status', 'fired, late, next']],
  }).action(async (options) => {
    const context = contextOf(options);
    const status = await (await context.client()).call(showScheduler);
    context.print.result(status, () => printStatus(context.print, status));
  });
}

function printStatus(print: Printer, { stopped, processes, active, paused, withoutNext, due, nextAt, today }: SchedulerStatus): void {
  if (stopped) print.line(`Nothing fires: stopped since ${instant(stopped.at)} by ${plain(stopped.by)}${stopped.reason ? `: ${plain(stopped.reason)}` : ''}`);
  else if (processes.length === 0) print.line('Nobody fires schedules: no process with the role scheduler is alive.');
  print.facts([
    ['Schedules', `${count(active)} active, ${count(paused)} paused${withoutNext > 0 ? `, of ${count(withoutNext)} nothing is to come` : ''}`],
    ['Next', instant(nextAt)],
    ['Due now', due > 0 ? count(due) : null],
    ['Today', `${count(today.fired)} fired, ${count(today.skipped)} left out, ${count(today.failed)} failed (since midnight UTC)`],
    [
      'Lateness',
      today.p99Ms === null ? null : `half within ${duration(today.p50Ms ?? 0)}, 99% within ${duration(today.p99Ms)}; ${count(today.late)} more than a second`,
    ],
  ]);
  for (const one of processes) print.line(`${one.host}:${one.pid}  ${count(one.fired)} fired, last sign ${elapsed(one.beatAt, null)} ago`);
}

function schedulerStop() {
  return command('stop', {
    summary: 'Stop all firing, in the whole installation',
    description: 'What is due meanwhile is seen to by the misfire policy of each schedule when firing goes on. Runs by hand still start.',
    examples: [['tidewheel scheduler stop --reason "new disks until noon"', 'everybody who looks reads it']],
  })
    .option('--reason <text>', 'why')
    .action(async (options) => {
      const context = contextOf(options);
      const status = await (await context.client()).call(stopScheduler, { body: { reason: options.reason } });
      context.print.result(status, () => context.print.line('Nothing fires any more. Let it go on with `tidewheel scheduler start`.'));
    });
}

function schedulerStart() {
  return command('start', {
    summary: 'Fire schedules again',
    examples: [['tidewheel scheduler start', 'what was missed is made up for as each schedule says']],
  }).action(async (options) => {
    const context = contextOf(options);
    const status = await (await context.client()).call(startScheduler);
    context.print.result(status, () => context.print.line('Schedules fire again.'));
  });
}
