// Rules of the desk in a file: YAML or JSON, as `color rule show` writes them.
import { type ColorCondition, ColorRuleContent, colorOperators } from '@tidewheel/contract/color-rule';
import { InvalidInput } from '@tidewheel/contract/errors';
import { parse } from 'yaml';
import { readText } from '../../input.ts';

/** @throws InvalidInput naming what is wrong in it */
export async function readRule(file: string): Promise<ColorRuleContent> {
  const parsed = ColorRuleContent.safeParse(read(await readText(file), file));
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new InvalidInput('input.color_rule', `${file} is no rule: ${told.join('; ')}`, { hint: 'See docs/colors.md, or `tidewheel color rule show`.' });
}

function read(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    throw new InvalidInput('input.color_rule', `${file} is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** In words: `px is less than 98 and (ticker equals AAA or sector contains bank)`. */
export function conditionWords(condition: ColorCondition, isInner = false): string {
  if ('field' in condition) {
    const { field, operator, value, to } = condition;
    return `${field} ${colorOperators[operator].title} ${value}${to === undefined ? '' : ` and ${to}`}`;
  }
  const [parts, word] = 'all' in condition ? [condition.all, ' and '] : [condition.any, ' or '];
  const words = parts.map((part) => conditionWords(part, parts.length > 1)).join(word);
  return isInner && parts.length > 1 ? `(${words})` : words;
}
