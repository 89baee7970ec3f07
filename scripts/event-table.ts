// The table of docs/live.md that says what each type of event of a run carries.
import { runEventTypes } from '@tidewheel/contract/run';
import { runEventData, runEventTexts } from '@tidewheel/contract/run-events';
import { z } from 'zod';

const start = '<!-- events: written by scripts/generate-docs.mjs from contract/run-events.ts -->';
const end = '<!-- /events -->';

interface Shape {
  anyOf?: Shape[];
  properties?: Record<string, unknown>;
  required?: string[];
}

/** `field`, or `field?` where it may be left out; `or` between shapes. */
function fieldsOf(shape: Shape): string {
  if (shape.anyOf) return shape.anyOf.map(fieldsOf).join(' or ');
  const names = Object.keys(shape.properties ?? {}).map((name) => `\`${name}${shape.required?.includes(name) ? '' : '?'}\``);
  return names.join(', ') || 'nothing';
}

export function eventTable(): string {
  const rows = runEventTypes.map((type) => `| \`${type}\` | ${runEventTexts[type]} | ${fieldsOf(z.toJSONSchema(runEventData[type]) as Shape)} |`);
  return ['| type | when | `data` |', '|---|---|---|', ...rows].join('\n');
}

/** The page with its table made anew. */
export function withEvents(page: string): string {
  const [before = '', rest = ''] = page.split(start);
  return `${before}${start}\n${eventTable()}\n${end}${rest.slice(rest.indexOf(end) + end.length)}`;
}
