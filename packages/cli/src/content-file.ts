// A whole object from a YAML or JSON file, for `set` commands.
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { readText } from './input.ts';

/** @throws InvalidInput */
export async function contentFrom(fileName: string): Promise<Record<string, unknown>> {
  const text = await readText(fileName);
  const content = read(text, fileName);
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>;
  throw new InvalidInput('input.object', `${fileName} must hold names and values`, { hint: 'For example: title: Night shift' });
}

function read(text: string, fileName: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.yaml', `${fileName} is neither YAML nor JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
