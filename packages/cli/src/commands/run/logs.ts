import { Option } from '@commander-js/extra-typings';
import type { Client } from '@tidewheel/client/client';
import { listLogs, showRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { LogLine } from '@tidewheel/contract/run';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { logText } from '../../watch/event-text.ts';
import { followToEnd } from '../../watch/follow.ts';
import { saveLog } from './save-log.ts';
import { printMatches } from './search-log.ts';

const pageSize = 5_000;
const levels: LogLine['level'][] = ['debug', 'info', 'warn', 'error'];

interface Options {
  step?: string | undefined;
  level?: LogLine['level'] | undefined;
  follow?: true | undefined;
  search?: string | undefined;
  output?: string | undefined;
  force?: true | undefined;
}

export function runLogs() {
  return command('logs', {
    summary: 'Print the log of a run',
    description:
      'With --json one JSON line per log line. Colours that steps wrote are shown on a terminal that shows colours; other control sequences never are.\nWith --search only the lines that hold a text, in any case; it exits with 1 when there are none. With --output the whole log is written into a file as text.',
    examples: [
      ['tidewheel run logs latest', 'the whole log'],
      ['tidewheel run logs 12 --step clean --level warn', 'warnings and errors of one step'],
      ['tidewheel run logs 12 --search "connection refused"', 'the lines that say so'],
      ['tidewheel run logs latest --follow', 'and what comes, until the run has ended'],
      ['tidewheel run logs 12 --output run-12.log', 'into a file'],
    ],
  })
    .argument('<run>', runArgument)
    .option('--step <step>', 'only of this step')
    .addOption(new Option('--level <level>', 'this level and above').choices(['debug', 'info', 'warn', 'error'] as const))
    .option('-f, --follow', 'go on until the run has ended')
    .option('--search <text>', 'only lines that hold this text, in any case')
    .option('-o, --output <path>', 'write the whole log into this file; - for stdout')
    .option('--force', 'replace an existing file')
    .action(async (reference, options) => {
      refuseMixed(options);
      const context = contextOf(options);
      const client = await context.client();
      const run = await resolveRun(client, reference);
      if (options.output !== undefined) return saveLog(context, client, { run, target: options.output, overwrite: options.force === true });
      const wanted = { step: options.step, level: options.level };
      if (options.search !== undefined) return printMatches(context, client, { run, text: options.search, ...wanted });
      const print = (line: LogLine) => (context.print.isJson ? context.print.jsonLine(line) : context.print.line(logText(line)));
      const stored = { client, run, wanted, print };
      const after = await printStored(stored, 0);
      if (options.follow !== true || isFinal((await client.call(showRun, { params: { id: run } })).state)) return;
      await printStored(stored, await printComing(stored, after, context.interrupted));
    });
}

function refuseMixed({ output, search, follow, step, level }: Options): void {
  if (output !== undefined && (search ?? follow ?? step ?? level) !== undefined)
    throw new InvalidInput('cli.options', '--output writes the whole log, so it goes with no other choice', { hint: 'Leave one of them out, or use > file.' });
  if (search !== undefined && follow === true)
    throw new InvalidInput('cli.options', '--search looks at what there is, --follow waits for more', { hint: 'Leave one of them out.' });
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
    if (lines.length === 0) return after;
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
