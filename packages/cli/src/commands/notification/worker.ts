import { showNotifier, startNotifier, stopNotifier } from '@tidewheel/client/routes';
import type { NotifierStatus } from '@tidewheel/contract/notify';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { instant } from '../../output/text.ts';

export function notificationStatus() {
  return command('status', { summary: 'Show how the worker stands that sends', examples: [['tidewheel notification status', 'and how much waits']] }).action(
    async (options) => {
      const context = contextOf(options);
      const status = await (await context.client()).call(showNotifier);
      context.print.result(status, () => printStatus(context.print, status));
    },
  );
}

export function notificationStop() {
  return command('stop', {
    summary: 'Send nothing until it is started again; what happens meanwhile is kept',
    examples: [['tidewheel notification stop', 'before a planned outage that would tell everybody']],
  }).action(async (options) => {
    const context = contextOf(options);
    const status = await (await context.client()).call(stopNotifier);
    context.print.result(status, () => printStatus(context.print, status));
  });
}

export function notificationStart() {
  return command('start', { summary: 'Send again', examples: [['tidewheel notification start', 'what waited goes out']] }).action(async (options) => {
    const context = contextOf(options);
    const status = await (await context.client()).call(startNotifier);
    context.print.result(status, () => printStatus(context.print, status));
  });
}

function printStatus(print: Printer, status: NotifierStatus): void {
  print.facts([
    ['State', status.running ? 'running' : `stopped by ${status.stoppedBy}`],
    ['Alive', status.alive ? 'yes' : 'no process with the scheduler role works'],
    ['Last round', status.lastRoundAt && instant(status.lastRoundAt)],
    ['Events', `${status.events} not yet turned into messages`],
    ['Messages', `${status.waiting} waiting, ${status.sending} being sent, ${status.unknown} unknown, ${status.failed} given up`],
    ['Oldest due', status.oldestDueAt && instant(status.oldestDueAt)],
  ]);
}
