// The body of a call as expressions see it.
import { InvalidInput } from '@tidewheel/contract/errors';

/** @throws InvalidInput `trigger.body` */
export function bodyOf({ as, type, bytes }: { as: 'auto' | 'json' | 'form' | 'text'; type: string; bytes: Buffer }): unknown {
  const text = textOf(bytes);
  const kind = as === 'auto' ? kindOf(type) : as;
  if (kind === 'text') return text;
  if (kind === 'form') return formOf(text);
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text, (key, value: unknown) => {
      // As an own key it would poison whoever copies the object by assignment.
      if (key === '__proto__') throw new InvalidInput('trigger.body', 'The body holds the key "__proto__", which is refused.');
      return value;
    });
  } catch (thrown) {
    if (thrown instanceof InvalidInput) throw thrown;
    throw new InvalidInput('trigger.body', `The body is not valid JSON: ${(thrown as Error).message.slice(0, 200)}`, {
      hint: 'Send JSON, or set the trigger up for another kind of body.',
      cause: thrown,
    });
  }
}

function kindOf(type: string): 'json' | 'form' | 'text' {
  const media = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (media === 'application/json' || media.endsWith('+json')) return 'json';
  return media === 'application/x-www-form-urlencoded' ? 'form' : 'text';
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidInput('trigger.body', 'The body is not valid UTF-8.', { hint: 'Send text, or where the data is.', cause });
  }
}

/** A field that comes several times is a list. */
function formOf(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) fields.set(name, [...(fields.get(name) ?? []), value]);
  return Object.fromEntries(
    [...fields].filter(([name]) => name !== '__proto__').map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
