import { listViolations } from '@tidewheel/client/routes';
import type { Violation } from '@tidewheel/contract/routes/separations';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';

export function separationViolations() {
  return command('violations', {
    summary: 'Show who holds together now what should be apart',
    examples: [['tidewheel separation violations --json | jq -e length==0', 'for a nightly check']],
  }).action(async (options) => {
    const context = contextOf(options);
    const all = await (await context.client()).call(listViolations);
    context.print.result(all, () => printViolations(context.print, all));
  });
}

export function printViolations(print: Printer, all: Violation[]): void {
  if (all.length === 0) {
    print.note('Nobody holds both.');
    return;
  }
  print.table(
    [
      { title: 'Who', value: (one) => one.user.email },
      { title: 'Holds', value: (one) => one.permissions.join(' and ') },
      { title: 'By', value: (one) => one.through.join(', ') },
      { title: 'Which', value: (one) => one.separation.title },
      { title: '', value: (one) => (one.exempt ? 'administrator' : '') },
    ],
    all,
  );
}
