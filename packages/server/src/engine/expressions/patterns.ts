// Regular expressions of RE2's kind: no backtracking, so their time is bounded by the length of pattern and text.
import { RE2JS } from '@bufbuild/re2';
import { InvalidInput } from '@tidewheel/contract/errors';
import { excerpt } from './excerpt.ts';

const cache = new Map<string, RE2JS>();
const cacheLimit = 500;
const patternLimit = 500;

/** @throws InvalidInput `pattern.invalid` */
export function compilePattern(pattern: string): RE2JS {
  const known = cache.get(pattern);
  if (known) return known;
  if (pattern.length > patternLimit)
    throw new InvalidInput('pattern.invalid', `A regular expression may have ${patternLimit} characters; this one has ${pattern.length}.`);
  try {
    const compiled = RE2JS.compile(pattern);
    if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
    cache.set(pattern, compiled);
    return compiled;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.replace(/^error parsing regexp: /, '') : String(thrown);
    throw new InvalidInput('pattern.invalid', `"${excerpt(pattern)}" is not a regular expression: ${reason}.`, {
      hint: 'The syntax is that of RE2: no look-around, no back-references.',
    });
  }
}

/** About how many microseconds a match takes at most (measured: counted repetitions make wide automata). */
export function patternCost(pattern: string, text: string): number {
  return (cache.has(pattern) ? 5 : 1_000) + text.length * (pattern.includes('{') ? 10 : 1);
}
