import { InvalidInput } from '@tidewheel/contract/errors';

/** @throws InvalidInput `expression.not_boolean` */
export function truthOf(value: unknown, condition: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidInput(
    'expression.not_boolean',
    `"${condition.slice(0, 200)}" gives ${JSON.stringify(value)?.slice(0, 100)}, but a condition must be true or false.`,
    {
      hint: 'Compare it with something, e.g. steps.trades.rows > 0.',
    },
  );
}
