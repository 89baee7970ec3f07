import { Option } from '@commander-js/extra-typings';
import type { Client } from '@tidewheel/client/client';
import { listLogs, showRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { LogLine } from '@tidewheel/contract/run';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { logText } from '../../watch/event-text.ts';
import { followToEnd } from '../../watch/follow.ts';

const pageSize = 1_000;
const levels: LogLine['level'][] = ['debug', 'info', 'warn', 'error'];

export function runLogs() {
  return command('logs', {
    summary: 'Print the log of a run',
    description: 'With --json one JSON line per log line.',
    examples: [
      ['tidewheel run logs latest', 'the whole log'],
      ['tidewheel run logs 12 --step clean --level warn', 'warnings and errors of one step'],
      ['tidewheel run logs latest --follow', 'and what comes, until the run has ended'],
    ],
  })
    .argument('<run>', runArgument)
    .option('--step <step>', 'only of this step')
    .addOption(new Option('--level <level>', 'this level and above').choices(['debug', 'info', 'warn', 'error'] as const))
    .option('-f, --follow', 'go on until the run has ended')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const run = await resolveRun(client, reference);
      const wanted = { step: options.step, level: options.level };
      const print = (line: LogLine) => (context.print.isJson ? context.print.jsonLine(line) : context.print.line(logText(line)));
      const stored = { client, run, wanted, print };
      const after = await printStored(stored, 0);
      if (options.follow !== true || isFinal((await client.call(showRun, { params: { id: run } })).state)) return;
      await printStored(stored, await printComing(stored, after, context.interrupted));
    });
}

interface Stored {
  client: Client;
  run: string;
  wanted: { step: string | undefined; level: LogLine['level'] | undefined };
  print(line: LogLine): void;
}

/** Prints what there is after a number and answers with the last number seen. */
async function printStored({ client, run, wanted, print }: Stored, start: number): Promise<number> {
  let after = start;
  for (;;) {
    const lines = await client.call(listLogs, { params: { id: run }, query: { ...wanted, after, limit: pageSize } });
    for (const line of lines) print(line);
    after = lines.at(-1)?.seq ?? after;
    if (lines.length < pageSize) return after;
  }
}

/** Prints what comes until the run has ended, and answers likewise: lines may still be on their way when it ends. */
async function printComing({ client, run, wanted, print }: Stored, start: number, signal: AbortSignal): Promise<number> {
  let last = start;
  const isWanted = (line: LogLine) =>
    (wanted.step === undefined || line.step === wanted.step) && levels.indexOf(line.level) >= levels.indexOf(wanted.level ?? 'debug');
  const onLog = (line: LogLine) => {
    last = line.seq;
    if (isWanted(line)) print(line);
  };
  await followToEnd({ client, run, after: 0, afterLog: start, signal, onLog }).catch((thrown: unknown) => {
    throw signal.aborted ? new CommandFailed(exitCodes.interrupted) : thrown;
  });
  return last;
}
