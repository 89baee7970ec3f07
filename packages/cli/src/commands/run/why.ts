import { showWhy } from '@tidewheel/client/routes';
import type { RunWhy, StepWhy, WhyReason } from '@tidewheel/contract/routes/run-why';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { paint, paintState } from '../../output/terminal.ts';
import { instant, plain } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';

export function runWhy() {
  return command('why', {
    summary: 'Say why a run and its steps do not run: the reason, since when, who or what can change it',
    examples: [
      ['tidewheel run why latest', 'no worker, all full, paused, waiting for a retry; why it was skipped, failed, cancelled'],
      ['tidewheel run why 12 --json', 'with codes and figures for programs'],
    ],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const why = await client.call(showWhy, { params: { id: await resolveRun(client, reference) } });
      context.print.result(why, () => printWhy(context.print, why));
    });
}

function printWhy(print: Printer, why: RunWhy): void {
  print.line(`Run ${why.number} of ${why.flow}: ${paintState(why.state)}`);
  if (why.reason) printReason(print, why.reason, '  ');
  if (!why.reason && why.steps.length === 0)
    print.line(why.state === 'succeeded' ? 'It succeeded; there is nothing to explain.' : 'It goes on; nothing waits.');
  for (const step of why.steps) printStep(print, step);
}

function printStep(print: Printer, { step, state, reason, retries, attemptsLeft }: StepWhy): void {
  print.line();
  print.line(`${paint('bold', step)}: ${paintState(state)}`);
  if (reason) printReason(print, reason, '  ');
  for (const retry of retries) {
    print.line(`  Attempt ${retry.attempt} failed ${instant(retry.at)} (${plain(retry.code)}): ${plain(retry.message)}; tried again ${instant(retry.nextAt)}`);
  }
  if (attemptsLeft !== null && retries.length > 0) print.line(`  Attempts left: ${attemptsLeft}`);
}

function printReason(print: Printer, reason: WhyReason, indent: string): void {
  print.line(`${indent}${plain(reason.text)}`);
  const times = [reason.since ? `since ${instant(reason.since)}` : '', reason.until ? `until ${instant(reason.until)}` : ''].filter(Boolean).join(', ');
  if (times) print.line(`${indent}${paint('dim', times)}`);
  if (!reason.change) return;
  const { text, permission, you } = reason.change;
  const needs = permission === null ? '' : ` (${permission}${you ? ': you may' : ''})`;
  print.line(`${indent}${plain(text)}${needs}`);
}
