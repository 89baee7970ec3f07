// `run watch` and `run start --watch|--wait`: shows a run until it has ended and answers with how it ended.
import type { Client } from '@tidewheel/client/client';
import { listArtifacts, showRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Artifact } from '@tidewheel/contract/routes/runs';
import type { LogLine, Run, RunEvent } from '@tidewheel/contract/run';
import { CommandFailed } from '../command-failed.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { isTerminal, paint, paintState, widthOf } from '../output/terminal.ts';
import { count, elapsed, plain, size } from '../output/text.ts';
import { Board, stepLines } from './board.ts';
import { eventText, logText } from './event-text.ts';
import { followToEnd, noLogs, readRun } from './follow.ts';

export interface WatchOptions {
  /** Show nothing until the end. */
  isQuiet?: boolean;
  /** Show log lines too. */
  withLogs?: boolean;
}

const redrawMs = 200;
const refreshMs = 400;

/** Ends with CommandFailed 1 when the run did not succeed, 130 at Ctrl+C, which leaves the run alone. */
export async function watchRun(context: Context, id: string, options: WatchOptions = {}): Promise<void> {
  const client = await context.client();
  const first = await client.call(showRun, { params: { id } });
  const view = viewFor(context, { client, run: first, options });
  try {
    if (!isFinal(first.state))
      await followToEnd({
        client,
        run: id,
        after: view.after,
        afterLog: options.withLogs ? 0 : noLogs,
        signal: context.interrupted,
        onEvent: view.onEvent,
        onLog: view.onLog,
        onConnection: view.onConnection,
      });
  } catch (thrown) {
    view.close();
    if (context.interrupted.aborted) stoppedWatching(context, first);
    throw thrown;
  }
  view.close();
  await reportEnd(context, client, await readRun(client, id, context.interrupted));
}

function stoppedWatching(context: Context, run: Run): never {
  context.print.note(`\nStopped watching; run ${run.number} goes on. Cancel it with: tidewheel run cancel ${run.number}`);
  throw new CommandFailed(exitCodes.interrupted);
}

async function reportEnd(context: Context, client: Client, run: Run): Promise<void> {
  if (context.print.isJson) context.print.jsonLine(run);
  else printEnd(context, run, (await client.call(listArtifacts, { query: { run: run.id, limit: 50 } })).items);
  if (run.state !== 'succeeded') throw new CommandFailed(exitCodes.failed);
}

function printEnd({ print }: Context, run: Run, artifacts: Artifact[]): void {
  for (const line of stepLines(run, widthOf(process.stdout))) print.line(line);
  const rows = [
    run.rowsIn === null ? '' : `${count(run.rowsIn)} rows in`,
    run.rowsOut === null ? '' : `${count(run.rowsOut)} out`,
    `${count(run.rejected)} rejected`,
  ].filter(Boolean);
  print.line(`Run ${run.number} of ${run.flow} ${paintState(run.state)} in ${elapsed(run.startedAt ?? run.createdAt, run.finishedAt)}: ${rows.join(', ')}`);
  if (run.error)
    print.line(`${paint('red', 'Error:')} ${plain(run.error.message)}${run.error.hint ? `\n${paint('cyan', 'Hint:')} ${plain(run.error.hint)}` : ''}`);
  for (const artifact of artifacts) print.line(`  ${plain(artifact.name)}  ${size(artifact.size)}  sha256 ${artifact.sha256}`);
  if (artifacts.length > 0) print.note(`Fetch them with: tidewheel artifact download --run ${run.number}`);
}

interface View {
  after: number;
  onEvent(event: RunEvent): void;
  onLog(line: LogLine): void;
  onConnection(isOpen: boolean): void;
  close(): void;
}
interface Shown {
  client: Client;
  run: Run;
  options: WatchOptions;
}

function viewFor(context: Context, shown: Shown): View {
  if (context.print.isJson) return shown.options.isQuiet ? silentView : jsonView(context, shown);
  if (shown.options.isQuiet) return silentView;
  return isTerminal(process.stdout) ? boardView(shown) : lineView(context);
}

const silentView: View = { after: 0, onEvent: () => undefined, onLog: () => undefined, onConnection: () => undefined, close: () => undefined };

function jsonView(context: Context, { options }: Shown): View {
  return { ...silentView, onEvent: (event) => context.print.jsonLine(event), onLog: (line) => options.withLogs && context.print.jsonLine(line) };
}

function lineView({ print }: Context): View {
  return {
    ...silentView,
    onEvent: (event) => print.line(eventText(event)),
    onLog: (line) => print.line(logText(line)),
    onConnection: (isOpen) => print.note(isOpen ? 'Connected again.' : 'Connection lost, trying again …'),
  };
}

/** Events say that something changed; the board shows what the server then says, asked at most every 0.4 s. */
function boardView({ client, run: first }: Shown): View {
  const board = new Board(process.stdout);
  let run = first;
  let remark: string | null = null;
  let isDue = false;
  let isAsking = false;
  const refresh = setInterval(async () => {
    if (!isDue || isAsking) return;
    isDue = false;
    isAsking = true;
    run = await client.call(showRun, { params: { id: first.id } }).catch(() => run);
    isAsking = false;
  }, refreshMs);
  const redraw = setInterval(() => board.draw(run, remark), redrawMs);
  board.draw(run, remark);
  return {
    after: first.lastEvent,
    onEvent: () => {
      isDue = true;
    },
    onLog: () => undefined,
    onConnection: (isOpen) => {
      remark = isOpen ? null : 'Connection lost, trying again …';
    },
    close: () => {
      clearInterval(refresh);
      clearInterval(redraw);
      board.clear();
    },
  };
}
