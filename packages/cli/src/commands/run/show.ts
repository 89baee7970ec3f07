import { showRun } from '@tidewheel/client/routes';
import type { Run } from '@tidewheel/contract/run';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { paintState, widthOf } from '../../output/terminal.ts';
import { count, elapsed, instant, plain } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { stepLines } from '../../watch/board.ts';

export function runShow() {
  return command('show', {
    summary: 'Show a run and its steps',
    examples: [
      ['tidewheel run show 12', 'by its number'],
      ['tidewheel run show latest --json', 'everything about the newest run'],
    ],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await client.call(showRun, { params: { id: await resolveRun(client, reference) } });
      context.print.result(run, () => printRun(context.print, run));
    });
}

function printRun(print: Printer, run: Run): void {
  print.facts([
    ['Run', `${run.number} (${run.id})`],
    ['Flow', `${run.flow} ${run.draft ? `draft ${run.version}, a test` : `version ${run.version}`}`],
    ['State', `${paintState(run.state)}${run.pausedAt ? `, paused ${instant(run.pausedAt)}` : run.held ? ', held until other runs are over' : ''}`],
    ['Mode', run.mode === 'dry' ? 'dry run: nothing outside is changed' : null],
    ['Started', `${instant(run.startedAt ?? run.createdAt)} by ${plain(run.startedBy ?? 'somebody')}`],
    ['For', run.origin && `${run.origin.kind} ${run.origin.slug}${run.origin.instant ? `, due ${instant(run.origin.instant)}` : ''}`],
    ['Priority', run.priority === 0 ? null : String(run.priority)],
    ['Deadline', run.deadlineAt && instant(run.deadlineAt)],
    ['Finished', instant(run.finishedAt)],
    ['Took', run.finishedAt === null ? null : elapsed(run.startedAt, run.finishedAt)],
    ['Parameters', Object.keys(run.parameters).length > 0 ? plain(JSON.stringify(run.parameters)) : null],
    [
      'Rows',
      run.rowsIn === null && run.rowsOut === null ? null : `${count(run.rowsIn) || '-'} in, ${count(run.rowsOut) || '-'} out, ${count(run.rejected)} rejected`,
    ],
    ['Output', run.output === null ? null : plain(JSON.stringify(run.output))],
    ['Below', run.parent && `step ${run.parent.step}, item ${run.parent.item + 1} of run ${run.parent.run}`],
    ['Error', run.error ? plain(run.error.message) : null],
    ['Hint', run.error?.hint ? plain(run.error.hint) : null],
  ]);
  print.line();
  for (const line of stepLines(run, widthOf(process.stdout))) print.line(line);
  printChecks(print, run);
}

function printChecks(print: Printer, run: Run): void {
  const checks = run.steps.flatMap((step) => step.checks.map((check) => ({ step: step.step, ...check }))).filter((check) => check.outcome !== 'passed');
  if (checks.length === 0) return;
  print.line();
  print.table(
    [
      { title: 'Check', value: (check) => `${check.step}: ${check.name}` },
      { title: 'Outcome', value: (check) => check.outcome, whole: true },
      { title: 'Rows', value: (check) => count(check.failedRows), align: 'right' },
      { title: 'Message', value: (check) => check.message ?? '' },
    ],
    checks,
  );
}
