// What no part of the product can keep, found in one walk before any schema sees it: Postgres takes no U+0000 in text and no half of a
// surrogate pair in jsonb, and a value nested without end would overflow the stack of whoever walks it next.
import type { Fault } from '@tidewheel/contract/problem';

const deepest = 100;
const mostFaults = 20;

/** Iterative on purpose: the depth of its input is not to be trusted. */
export function findUnstorable(value: unknown, prefix: string): Fault[] {
  const faults: Fault[] = [];
  const todo: { value: unknown; path: string; depth: number }[] = [{ value, path: '', depth: 0 }];
  for (let next = todo.pop(); next && faults.length < mostFaults; next = todo.pop()) {
    const { path, depth } = next;
    const message = faultIn(next);
    if (message !== undefined) faults.push({ path: prefix + path || 'body', message, severity: 'error' });
    else if (typeof next.value === 'object' && next.value !== null) {
      for (const [key, inner] of Object.entries(next.value)) {
        const at = path === '' ? key : `${path}.${key}`;
        const badKey = faultOfText(key);
        if (badKey !== undefined) faults.push({ path: prefix + at.toWellFormed().replaceAll('\u0000', '\ufffd'), message: badKey, severity: 'error' });
        else todo.push({ value: inner, path: at, depth: depth + 1 });
      }
    }
  }
  return faults;
}

function faultIn({ value, depth }: { value: unknown; depth: number }): string | undefined {
  if (depth > deepest) return `is nested more than ${deepest} levels deep`;
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is larger than any number that can be stored';
  return typeof value === 'string' ? faultOfText(value) : undefined;
}

function faultOfText(text: string): string | undefined {
  if (text.includes('\u0000')) return 'holds the character U+0000, which cannot be stored';
  return text.isWellFormed() ? undefined : 'holds half of a surrogate pair, which is no character';
}
