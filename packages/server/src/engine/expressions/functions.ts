// The functions of our CEL: its standard, its strings extension, arithmetic that mixes whole and decimal numbers, and dates. All of bounded cost.
import {
  type CelEnv,
  type CelFunc,
  type CelList,
  CelScalar,
  type CelValue,
  celEnv,
  celFunc,
  celList,
  celMethod,
  isCelList,
  isCelMap,
  listType,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { InvalidInput } from '@tidewheel/contract/errors';
import { allowSize, spend } from './budget.ts';
import { calendarFunctions } from './calendars.ts';
import { compilePattern, patternCost } from './patterns.ts';
import { fromCel } from './scope.ts';

const { INT, DOUBLE, STRING, BOOL, DYN } = CelScalar;
const LIST = listType(DYN);

/** Called by every turn of a macro's loop: see compile.ts. */
export const tickFunction = '@tick';
/** What the accumulator of map and filter is appended with: see compile.ts. */
export const appendFunction = '@append';

/** 5 and 5.5 come out of the same field of a JSON value: an expression must not fail by which of them it meets. */
const mixed: CelFunc[] = (
  [
    ['_+_', (a: number, b: number) => a + b],
    ['_-_', (a: number, b: number) => a - b],
    ['_*_', (a: number, b: number) => a * b],
    ['_/_', (a: number, b: number) => a / b],
  ] as const
).flatMap(([name, calculate]) => [
  celFunc(name, [INT, DOUBLE], DOUBLE, (a, b) => calculate(Number(a), b)),
  celFunc(name, [DOUBLE, INT], DOUBLE, (a, b) => calculate(a, Number(b))),
]);

/** Arrays that a macro of this evaluation is still filling. Its accumulator is out of the author's reach, so growing it in place is safe. */
const growing = new WeakMap<CelList, CelValue[]>();

function append(list: CelList, added: CelList): CelList {
  const known = growing.get(list);
  const items = known ?? [...list];
  items.push(...added);
  if (known) return list;
  const grown = celList(items as never);
  growing.set(grown, items);
  return grown;
}

function concat(left: CelList, right: CelList): CelList {
  allowSize(left.size + right.size);
  spend((left.size + right.size) / 10);
  return celList([...left, ...right] as never);
}

function join(left: string, right: string): string {
  allowSize(left.length + right.length);
  return left + right;
}

/** Counted before the work, with every character of the text seen once per character of the arguments: no function of the extension does more. */
function sizeOf(value: CelValue | undefined): number {
  if (typeof value === 'string') return value.length;
  let size = 8;
  if (isCelList(value)) for (const item of value) size += 1 + sizeOf(item);
  if (isCelMap(value)) for (const [key, item] of value) size += 1 + String(key).length + sizeOf(item);
  return size;
}
function bounded(original: CelFunc): CelFunc {
  const call: CelFunc['call'] = (id, target, args) => {
    const size = (1 + sizeOf(target)) * (1 + args.map(sizeOf).reduce((sum, size) => sum + size, 0));
    spend(1 + size / 100);
    allowSize(size / 10);
    return original.call(id, target, args);
  };
  return Object.create(original, { call: { value: call } }) as CelFunc;
}

const costly: CelFunc[] = [
  celFunc('_+_', [STRING, STRING], STRING, join),
  celFunc('_+_', [LIST, LIST], LIST, concat),
  celFunc(appendFunction, [LIST, LIST], LIST, append),
  celFunc(tickFunction, [BOOL, INT], BOOL, (goesOn, weight) => {
    spend(Number(weight));
    return goesOn;
  }),
  celFunc('size', [STRING], INT, countCharacters),
  celMethod('size', STRING, [], INT, function () {
    return countCharacters(this);
  }),
  celMethod('contains', STRING, [STRING], BOOL, function (part) {
    spend(1 + this.length / 100);
    return this.includes(part);
  }),
  celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    spend(patternCost(pattern, this));
    return compilePattern(pattern).test(this);
  }),
  ...strings.map(bounded),
];

function countCharacters(text: string): bigint {
  spend(1 + text.length / 20);
  let count = 0n;
  for (const _character of text) count++;
  return count;
}

const dates: CelFunc[] = [
  celMethod('addDays', STRING, [INT], STRING, function (days) {
    return shift(this, (date) => date.setUTCDate(date.getUTCDate() + Number(days)));
  }),
  celMethod('addMonths', STRING, [INT], STRING, function (months) {
    return shift(this, (date) => toMonth(date, Number(months)));
  }),
  celFunc('json', [DYN], STRING, (value) => {
    const text = JSON.stringify(fromCel(value)) ?? 'null';
    spend(text.length / 10);
    allowSize(text.length);
    return text;
  }),
];

/** The last day of a shorter month stands for the days it does not have. */
function toMonth(date: Date, months: number): void {
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
}

function shift(text: string, change: (date: Date) => void): string {
  const date = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidInput('expression.date', `"${text.slice(0, 40)}" is not a date.`, { hint: 'Write dates as YYYY-MM-DD.' });
  }
  change(date);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new InvalidInput('expression.date', 'The date would leave the years 1 to 9999.');
  return date.toISOString().slice(0, 10);
}

export const environment: CelEnv = celEnv({ funcs: [...mixed, ...costly, ...dates, ...calendarFunctions] });
