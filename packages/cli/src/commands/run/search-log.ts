// `run logs --search`: every line that holds a text, in the order of the log.
import type { Client } from '@tidewheel/client/client';
import { searchLogs } from '@tidewheel/client/routes';
import type { LogLine } from '@tidewheel/contract/run';
import { CommandFailed } from '../../command-failed.ts';
import type { Context } from '../../context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { paint } from '../../output/terminal.ts';
import { count, plain } from '../../output/text.ts';
import { logHead } from '../../watch/event-text.ts';

interface Wanted {
  run: string;
  text: string;
  step: string | undefined;
  level: LogLine['level'] | undefined;
}

/** Exits with 1 when no line holds the text, as grep does. */
export async function printMatches({ print, interrupted }: Context, client: Client, { run, ...wanted }: Wanted): Promise<void> {
  let found = 0;
  for (let after = 0; ; ) {
    const query = { ...wanted, after, found, limit: 1_000 };
    const matches = await client.call(searchLogs, { params: { id: run }, query }, { signal: interrupted }).catch((thrown: unknown) => {
      throw interrupted.aborted ? new CommandFailed(exitCodes.interrupted) : thrown;
    });
    for (const line of matches.lines) print.isJson ? print.jsonLine(line) : print.line(`${logHead(line)}  ${marked(plain(line.text), plain(wanted.text))}`);
    found = matches.found;
    if (!matches.more) break;
    after = matches.next;
  }
  print.note(found === 0 ? 'No line holds this text.' : `${count(found)} ${found === 1 ? 'line holds' : 'lines hold'} this text.`);
  if (found === 0) throw new CommandFailed(exitCodes.failed);
}

function marked(text: string, wanted: string): string {
  if (wanted === '') return text;
  const [lower, lowerWanted] = [text.toLowerCase(), wanted.toLowerCase()];
  // A letter that grows in lower case would shift what is marked.
  if (lower.length !== text.length) return text;
  let shown = '';
  let from = 0;
  for (let at = lower.indexOf(lowerWanted); at >= 0; at = lower.indexOf(lowerWanted, from)) {
    shown += text.slice(from, at) + paint('inverse', text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return shown + text.slice(from);
}
