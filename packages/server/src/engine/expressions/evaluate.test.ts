import { InvalidInput } from '@tidewheel/contract/errors';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { checkExpression, evaluate, evaluateCondition, renderTemplate } from './evaluate.ts';
import type { Scope } from './scope.ts';

const scope: Scope = {
  parameters: {
    amount: 5,
    rate: 1.5,
    name: 'Ann',
    flag: true,
    list: [3, 1, 2],
    businessDate: '2026-11-20',
    large: 'x'.repeat(50_000),
    many: Array.from({ length: 2_000 }, (_, index) => index),
  },
  steps: new Map([
    [
      'trades',
      {
        state: 'succeeded',
        rows: 12,
        rejected: 1,
        value: { price: 5, prices: [5, 5.5], none: null },
        files: [{ name: 'a.csv', size: 10, sha256: 'f'.repeat(64) }],
      },
    ],
  ]),
  run: { id: '0197', number: 7, flow: 'demo' },
  now: new Date('2026-11-20T08:30:00.000Z'),
  today: '2026-11-20',
};
const failing = (expression: string): InvalidInput => {
  try {
    evaluate(expression, scope);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
  throw new Error(`${expression} did not fail`);
};

describe('evaluate', () => {
  it.each([
    ['amount + 1', 6],
    ['amount + rate', 6.5],
    ['1 - rate', -0.5],
    ['steps.trades.rows > 10 && name == "Ann"', true],
    ['steps["trades"].rejected', 1],
    ['steps.trades.value.prices.map(p, p * 2)', [10, 11]],
    ['steps.trades.value.none', null],
    ['steps.trades.files[0].name', 'a.csv'],
    ['run.number', 7],
    ['now', '2026-11-20T08:30:00.000Z'],
    ['now - duration("24h")', '2026-11-19T08:30:00.000Z'],
    ['duration("90m")', '5400s'],
    ['now.getHours("Europe/Paris")', 9],
    ['today.addDays(-1)', '2026-11-19'],
    ['"2026-01-31".addMonths(1)', '2026-02-28'],
    ['businessDate.replace("-", "")', '20261120'],
    ['{"a": 1, "b": [true, null]}', { a: 1, b: [true, null] }],
    ['9007199254740993', '9007199254740993'],
    ['list.filter(x, x > 1).map(x, x + 1)', [4, 3]],
    ['list.exists_one(x, x == 1)', true],
    ['[1, 2].map(x, [3].map(y, x + y))', [[4], [5]]],
    ['type(amount) == int', true],
    ['json(steps.trades.value)', '{"price":5,"prices":[5,5.5],"none":null}'],
    ['many.map(x, x + 1).size()', 2_000],
    ['has(steps.trades.value.zz)', false],
    ['name.matches("^A.n$")', true],
    ['"%d rows".format([amount])', '5 rows'],
  ])('%s', (expression, expected) => expect(evaluate(expression, scope)).toEqual(expected));

  it('reads only the results that it names', () => {
    const read: string[] = [];
    const ids = Array.from({ length: 3_000 }, (_, index) => `s${index}`);
    const result = (step: string) => {
      read.push(step);
      return { state: 'succeeded', rows: 12, rejected: 0, value: null, files: [] };
    };
    const many: Scope = { ...scope, steps: { has: (step) => ids.includes(step), get: result, keys: () => ids } };
    expect(evaluate('amount + 1', many)).toBe(6);
    expect(read).toEqual([]);
    expect(evaluate('steps.s2999.rows + steps["s7"].rows', many)).toBe(24);
    expect(new Set(read)).toEqual(new Set(['s2999', 's7']));
  });

  it('sees all results as a map', () => {
    expect(evaluate('steps.all(id, steps[id].state == "succeeded")', scope)).toBe(true);
    expect(evaluate('size(steps)', scope)).toBe(1);
    expect(evaluate('"trades" in steps && !("trade" in steps)', scope)).toBe(true);
    expect(evaluate('steps', scope)).toMatchObject({ trades: { rows: 12, value: { prices: [5, 5.5] } } });
  });

  it('names what is unknown and offers the closest', () => {
    expect(failing('amout + 1').message).toContain('there is no parameter "amout"; did you mean "amount"?');
    expect(failing('steps.trade.rows').message).toContain('there is no step "trade"; did you mean "trades"?');
    expect(failing('steps.constructor').message).toContain('there is no step "constructor"');
    expect(failing('run.toString').message).toContain('field not found');
  });

  it('says where the syntax is wrong and what goes together', () => {
    expect(failing('amount +').message).toContain('at character 8');
    expect(failing('amount = 1').message).toContain('did not expect');
    expect(failing('name + 1').hint).toContain('convert with string(x)');
    expect(failing('steps.trades.value.none + 1').hint).toContain('null');
    expect(failing('rate % 2').hint).toContain('1.0');
    expect(failing('').message).toBe('The expression is empty.');
  });

  it.each([
    ['too long', `${'1+'.repeat(5_000)}1`, 'too_long'],
    ['a long chain', `${'1+'.repeat(4_900)}1`, 'too_deep'],
    ['deep brackets', `${'('.repeat(4_000)}1${')'.repeat(4_000)}`, 'too_deep'],
    ['loops in loops', 'many.all(a, many.all(b, many.all(c, c >= 0)))', 'too_costly'],
    ['exists_one in itself', 'many.exists_one(a, many.exists_one(b, false))', 'too_costly'],
    ['an error forgiven', '(many.all(a, many.all(b, many.all(c, c >= 0)))) || true', 'too_costly'],
    ['doubling text', `[large]${'.map(s, s + s)'.repeat(30)}`, 'too_large'],
    ['doubling lists', `[many]${'.map(s, s + s)'.repeat(30)}`, 'too_large'],
    ['replacing text by text', 'large.replace("x", large)', 'too_costly'],
    ['regular expressions in a loop', 'many.map(x, large.matches("x{99}[^x]"))', 'too_costly'],
    ['size in a loop', 'many.map(x, many.map(y, large.size()))', 'too_costly'],
    ['an unknown zone', 'now.getHours("No/Where")', 'failed'],
  ])('refuses %s', (_name, expression, code) => expect(failing(expression).code).toBe(`expression.${code}`));

  it('ends by the work that was done, whatever one call takes', () => {
    // Each is about 100 us: a million of them would be two minutes.
    const zones = vi.spyOn(Intl, 'DateTimeFormat');
    expect(failing('many.map(x, many.map(y, now.getHours("Europe/Paris")))').code).toBe('expression.too_costly');
    expect(zones.mock.calls.length).toBeGreaterThan(1_000);
    expect(zones.mock.calls.length).toBeLessThan(10_000);
    zones.mockRestore();
  });

  it('never throws anything but InvalidInput', () => {
    const token = fc.constantFrom(
      'amount',
      'steps',
      '.',
      'trades',
      'list',
      'all',
      'map',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      'x',
      '1',
      '1.5',
      '"a"',
      "'",
      '+',
      '-',
      '*',
      '/',
      '%',
      '==',
      '<',
      '&&',
      '||',
      '!',
      '?',
      ':',
      'in',
      'now',
      'today',
      'null',
      'true',
      'rate',
      '.size()',
      '.addDays(',
      'duration(',
      'timestamp(',
      'int(',
      'string(',
      'b"x"',
      'type(',
      'json(',
      '{{',
      '\\',
      '\u0000',
      '💥',
      'google.protobuf.Timestamp{',
    );
    const expression = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(token, { maxLength: 14 }).map((parts) => parts.join('')),
      fc.array(token, { maxLength: 14 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(expression, (text) => {
        try {
          JSON.stringify(evaluate(text, scope));
          renderTemplate(text, scope);
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
        }
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('evaluateCondition', () => {
  it('takes true and false only', () => {
    expect(evaluateCondition('amount > 3', scope)).toBe(true);
    expect(() => evaluateCondition('amount', scope)).toThrow(/gives 5, but a condition must be true or false/);
  });
});

describe('renderTemplate', () => {
  it.each([
    ['no braces', 'no braces'],
    ['{{ name }}-{{amount}}-{{ flag }}-{{ rate }}', 'Ann-5-true-1.5'],
    ['[{{ steps.trades.value.none }}]', '[]'],
    ['{{ "}}" }}', '}}'],
    ["{{ '{{' }}", '{{'],
    ['{{ {"a": {"b": 1}}["a"]["b"] }}', '1'],
    ['a } b }} c', 'a } b }} c'],
  ])('%s', (template, expected) => expect(renderTemplate(template, scope)).toBe(expected));

  it('refuses what is no text and braces that stay open', () => {
    expect(() => renderTemplate('{{ list }}', scope)).toThrow(/gives a list/);
    expect(() => renderTemplate('x {{ name ', scope)).toThrow(/never closes it/);
  });
});

describe('checkExpression', () => {
  it('looks at the syntax only', () => {
    expect(checkExpression('nobody.knows > 1')).toBeNull();
    expect(checkExpression('a ==')?.message).toContain('is not valid CEL');
  });
});
