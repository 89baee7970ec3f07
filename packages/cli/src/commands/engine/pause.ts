import { pauseEngine, resumeEngine } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function enginePause() {
  return command('pause', {
    summary: 'Stop taking work, in the whole installation',
    description: 'What runs ends its present step. Runs can still be started; they wait, and `run why` says for whom. Workers follow within a second.',
    examples: [['tidewheel engine pause --reason "new disks until noon"', 'everybody who asks why reads it']],
  })
    .option('--reason <text>', 'why, for everybody who waits')
    .action(async (options) => {
      const context = contextOf(options);
      const state = await (await context.client()).call(pauseEngine, { body: options.reason === undefined ? {} : { reason: options.reason } });
      context.print.result(state, () => context.print.line('No work is taken any more. Let it go on with `tidewheel engine resume`.'));
    });
}

export function engineResume() {
  return command('resume', {
    summary: 'Take work again',
    examples: [['tidewheel engine resume', 'what has waited goes on at once']],
  }).action(async (options) => {
    const context = contextOf(options);
    const state = await (await context.client()).call(resumeEngine);
    context.print.result(state, () => context.print.line('Work is taken again.'));
  });
}
