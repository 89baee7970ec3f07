import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { watchRun } from '../../watch/watch-run.ts';

export function runWatch() {
  return command('watch', {
    summary: 'Show a run live until it has ended',
    description:
      'Exits with 0 when the run succeeded, 1 when it failed or was cancelled. Ctrl+C stops watching, not the run.\nOn a terminal it shows all steps in place; elsewhere one line per event; with --json one JSON line per event and the run as the last line.',
    examples: [
      ['tidewheel run watch latest', 'the newest run'],
      ['tidewheel run watch 12 --logs | tee run.log', 'events and log lines as text'],
    ],
  })
    .argument('<run>', runArgument)
    .option('--logs', 'log lines too, where output is no terminal')
    .action(async (reference, options) => {
      const context = contextOf(options);
      await watchRun(context, await resolveRun(await context.client(), reference), { withLogs: options.logs === true });
    });
}
