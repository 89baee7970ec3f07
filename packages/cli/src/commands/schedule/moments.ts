// Single moments, and a run by hand beside them.
import { moveOccurrence, resetOccurrence, runSchedule, showSchedule, skipOccurrence } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { instant } from '../../output/text.ts';
import { watchRun } from '../../watch/watch-run.ts';
import { scheduleArgument } from './print-schedule.ts';

const momentArgument = 'instant where its rules have it, as `schedule next` names it';

function told(print: Printer, schedule: Schedule): void {
  print.result(schedule, () => print.line(`Next: ${schedule.nextAt ? instant(schedule.nextAt) : 'nothing is to come'}.`));
}

export function scheduleRun() {
  return command('run', {
    summary: 'Start a run of a schedule now, in your name',
    examples: [
      ['tidewheel schedule run mifir-evening', 'what is planned stays'],
      ['tidewheel schedule run mifir-evening --cancel-next --watch', 'instead of the next moment, which is left out'],
    ],
  })
    .argument('<schedule>', scheduleArgument)
    .option('--cancel-next', 'leave out the next moment: this run stands for it')
    .option('--watch', 'show its steps until it has ended')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const next = options.cancelNext ? ('cancel' as const) : ('keep' as const);
      const client = await context.client();
      const run = await client.call(runSchedule, { params: { slug }, body: { next } });
      const { nextAt } = await client.call(showSchedule, { params: { slug } });
      const left = options.cancelNext ? 'The moment that was next is left out. ' : '';
      context.print.note(`${left}Next: ${nextAt ? instant(nextAt) : 'nothing is to come'}.`);
      if (options.watch) return watchRun(context, run.id, { isQuiet: false, withLogs: false });
      context.print.result(run, () => context.print.line(`Run ${run.number} of ${run.flow} started (${run.id}).`));
    });
}

export function scheduleSkip() {
  return command('skip', {
    summary: 'Leave out one planned moment',
    examples: [['tidewheel schedule skip mifir-evening 2026-12-24T17:00:00Z --reason "the bank closes at noon"', 'the others stay']],
  })
    .argument('<schedule>', scheduleArgument)
    .argument('<instant>', momentArgument)
    .option('--reason <text>', 'why, for who looks later')
    .action(async (slug, at, options) => {
      const context = contextOf(options);
      told(context.print, await (await context.client()).call(skipOccurrence, { params: { slug }, body: { instant: at, reason: options.reason } }));
    });
}

export function scheduleMove() {
  return command('move', {
    summary: 'Move one planned moment to another one to come',
    examples: [['tidewheel schedule move mifir-evening 2026-12-24T17:00:00Z 2026-12-24T11:00:00Z', 'once, at noon']],
  })
    .argument('<schedule>', scheduleArgument)
    .argument('<instant>', momentArgument)
    .argument('<to>', 'instant at which it fires instead')
    .option('--reason <text>', 'why, for who looks later')
    .action(async (slug, at, to, options) => {
      const context = contextOf(options);
      told(context.print, await (await context.client()).call(moveOccurrence, { params: { slug }, body: { instant: at, to, reason: options.reason } }));
    });
}

export function scheduleReset() {
  return command('reset', {
    summary: 'Put a moment that was left out or moved back to where its rules have it',
    examples: [['tidewheel schedule reset mifir-evening 2026-12-24T17:00:00Z', 'as if nobody had touched it']],
  })
    .argument('<schedule>', scheduleArgument)
    .argument('<instant>', momentArgument)
    .action(async (slug, at, options) => {
      const context = contextOf(options);
      told(context.print, await (await context.client()).call(resetOccurrence, { params: { slug }, body: { instant: at } }));
    });
}
