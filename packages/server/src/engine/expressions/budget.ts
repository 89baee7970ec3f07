// Bounds the work of one evaluation: it runs synchronously in the worker, where nothing could stop it.
import { InvalidInput } from '@tidewheel/contract/errors';

/** One unit is about a microsecond. */
const workLimit = 1_000_000;
/** Characters of a text, or elements of a list, that an expression may make. */
export const sizeLimit = 1_000_000;

let left = 0;

/** Evaluations never overlap: they are synchronous and none starts another one. */
export function startBudget(): void {
  left = workLimit;
}

/** Logic operators forgive an error on one side, so the end of the budget has to be asked for afterwards. */
export function isExhausted(): boolean {
  return left < 0;
}

/** @throws InvalidInput when the expression has done too much. */
export function spend(units: number): void {
  left -= units;
  if (left < 0)
    throw new InvalidInput('expression.too_costly', 'The expression does too much work.', { hint: 'Loop over smaller lists, or do this in a table step.' });
}

/** @throws InvalidInput when a value would grow beyond what an expression may make. */
export function allowSize(size: number): void {
  if (size > sizeLimit)
    throw new InvalidInput('expression.too_large', `The expression makes a value larger than ${sizeLimit.toLocaleString('en')} characters or elements.`);
}
