// `--test-data step=file`: the content of a local file as test data, or an uploaded file as `step=@slug`.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { TestData } from '@tidewheel/contract/start-options';
import { readText } from './input.ts';

/** @throws InvalidInput for a pair without `=`, a file that cannot be read, and JSON that is none */
export async function testDataFrom(pairs: string[]): Promise<Record<string, TestData>> {
  return Object.fromEntries(await Promise.all(pairs.map(oneFrom)));
}

async function oneFrom(pair: string): Promise<[string, TestData]> {
  const at = pair.indexOf('=');
  if (at < 1) throw new InvalidInput('input.pair', `"${pair}" is not of the form step=file`, { hint: 'For example trades=trades.csv, or trades=@uploaded.' });
  const [step, place] = [pair.slice(0, at), pair.slice(at + 1)];
  if (place.startsWith('@')) return [step, { file: place.slice(1) }];
  const text = await readText(place);
  if (!place.toLowerCase().endsWith('.json')) return [step, { csv: text }];
  const value = jsonOf(place, text);
  return [step, isRows(value) ? { rows: value } : { value }];
}

function jsonOf(place: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.json', `${place} is not JSON`, { hint: 'Name it .csv if it is CSV.', cause });
  }
}

function isRows(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}
