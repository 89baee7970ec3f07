// Making this flow somewhere else, as a line for a shell.
import type { Flow } from '@tidewheel/contract/routes/flows';
import { shellQuote } from '../../shared/shell-quote.ts';

type Applied = Pick<Flow, 'source'>;

export function applyCurlOf({ source }: Applied, origin: string): string {
  return `curl -sS -X POST ${origin}/api/flows -H "authorization: Bearer $TIDEWHEEL_TOKEN" -H 'content-type: application/json' -d ${shellQuote(JSON.stringify({ source }))}`;
}

export function applyCommandOf({ source }: Applied): string {
  return `printf %s ${shellQuote(source)} | tidewheel flow apply -`;
}
