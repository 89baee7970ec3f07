// A run as a line for a shell.
import type { RunSummary } from '@tidewheel/contract/run';
import { shellQuote } from '../../shared/shell-quote.ts';

type Startable = Pick<RunSummary, 'flow' | 'parameters'>;

export function commandOf(run: Startable): string {
  const parameters = Object.entries(run.parameters).map(
    ([name, value]) => ` --param ${shellQuote(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
  );
  return `tidewheel run start ${run.flow}${parameters.join('')} --watch`;
}

export function curlOf(run: Startable, origin: string): string {
  const body = shellQuote(JSON.stringify({ parameters: run.parameters }));
  return `curl -sS -X POST ${origin}/api/flows/${run.flow}/runs -H "authorization: Bearer $TIDEWHEEL_TOKEN" -H 'content-type: application/json' -d ${body}`;
}
