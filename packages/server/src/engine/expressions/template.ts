// Text with `{{ CEL }}` in it, taken apart once and kept.
import { InvalidInput } from '@tidewheel/contract/errors';
import { excerpt } from './excerpt.ts';

/** Literal text, or the expression between two pairs of braces. */
export type TemplatePart = { text: string } | { expression: string };

const cache = new Map<string, TemplatePart[]>();
const cacheLimit = 2_000;

/** @throws InvalidInput `template.unclosed` */
export function templateParts(template: string): TemplatePart[] {
  const known = cache.get(template);
  if (known) return known;
  const parts = takeApart(template);
  if (cache.size >= cacheLimit) cache.delete(cache.keys().next().value as string);
  if (template.length <= 10_000) cache.set(template, parts);
  return parts;
}

function takeApart(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    if (open < 0) break;
    const close = endOfExpression(template, open + 2);
    if (close < 0)
      throw new InvalidInput('template.unclosed', `"${excerpt(template.slice(open))}" opens {{ and never closes it.`, {
        hint: "Close it with }}. Two braces that mean themselves are written {{ '{{' }}.",
      });
    if (open > at) parts.push({ text: template.slice(at, open) });
    parts.push({ expression: template.slice(open + 2, close).trim() });
    at = close + 2;
  }
  if (at < template.length) parts.push({ text: template.slice(at) });
  return parts;
}

/** Where `}}` closes the expression: not inside quotes, and not where it closes a map of the expression (`{{ {"a": {"b": 1}} }}`). */
function endOfExpression(template: string, start: number): number {
  let quote = '';
  let depth = 0;
  for (let at = start; at < template.length; at++) {
    const character = template[at] as string;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && depth > 0) depth--;
    else if (character === '}' && template[at + 1] === '}') return at;
  }
  return -1;
}
