import { formatCell } from './format.ts';
import { wordsOf } from './words.ts';

/** What a delivery itself says already. */
const told = new Set(['size', 'sha256', 'ms']);

/** What the far side confirmed, beyond what the delivery says: names and values for people. */
export function receiptPairs(receipt: Record<string, unknown>): [string, string][] {
  return Object.entries(receipt)
    .filter(([name]) => !told.has(name))
    .map(([name, value]) => [name === 'md5' ? 'MD5' : wordsOf(name), formatCell(value)]);
}
