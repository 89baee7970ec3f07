// Conditions in words, and what a new one begins with.
import { colorFieldNames, colorFields } from '@tidewheel/contract/color';
import {
  type ColorComparison,
  ColorCondition,
  type ColorCondition as Condition,
  colorOperators,
  operatorKind,
  operatorsOf,
} from '@tidewheel/contract/color-rule';

export const fieldChoices = colorFieldNames.map((name) => ({ value: name as string, label: colorFields[name].title }));

export function fieldTitle(field: string): string {
  return field in colorFields ? colorFields[field as keyof typeof colorFields].title : field.replace(/^more\./, '');
}

export function conditionWords(condition: Condition, isInner = false): string {
  if ('field' in condition) {
    const { field, operator, value, to } = condition;
    return `${fieldTitle(field)} ${colorOperators[operator].title} ${value}${to === undefined ? '' : ` and ${to}`}`;
  }
  const [parts, word] = 'all' in condition ? [condition.all, ' and '] : [condition.any, ' or '];
  const words = parts.map((part) => conditionWords(part, parts.length > 1)).join(word);
  return isInner && parts.length > 1 ? `(${words})` : words;
}

export function newComparison(field = 'px'): ColorComparison {
  const kind = operatorKind(field);
  const operator = operatorsOf(kind)[0] ?? 'equals';
  return { field, operator, value: kind === 'number' ? 0 : kind === 'date' ? 'today' : '' };
}

export function isWhole(condition: Condition): boolean {
  return ColorCondition.safeParse(condition).success;
}
