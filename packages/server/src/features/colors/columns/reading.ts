// What was read of one field, and how sure that is.
import type { ColorDoubts } from '@tidewheel/contract/color';

export type Doubt = ColorDoubts[string];
export interface Reading<T> {
  value: T | null;
  doubt?: Doubt;
}

export const unread: Reading<never> = { value: null };
export function sure<T>(value: T): Reading<T> {
  return { value };
}

export function doubtful<T>({ was, why, confidence, repair, value = null }: Doubt & { value?: T | null }): Reading<T> {
  const doubt: Doubt = { was: was.slice(0, 500), why, confidence, ...(repair === undefined ? {} : { repair: repair.slice(0, 500) }) };
  return { value, doubt };
}
