import type { Parameter } from '@tidewheel/contract/flow-document';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parametersSchema, resolveParameters } from './parameters.ts';

const now = new Date('2026-03-29T00:30:00Z');
const resolve = (parameters: Record<string, Parameter>, given: Record<string, unknown> = {}, timeZone = 'Europe/Paris') =>
  resolveParameters({ parameters, given, now, timeZone });
const one = (parameter: Parameter, given: unknown, timeZone?: string) => {
  const { values, faults } = resolve({ p: parameter }, { p: given }, timeZone);
  return faults.length > 0 ? `! ${faults[0]?.message}` : values.p;
};

describe('resolveParameters', () => {
  it.each<[Parameter, unknown, unknown]>([
    [{ type: 'integer' }, '42', 42],
    [{ type: 'integer' }, -7, -7],
    [{ type: 'integer' }, '4.5', '! must be a whole number, not "4.5"'],
    [{ type: 'integer' }, 1e300, '! is too large for a whole number (at most 9007199254740991)'],
    [{ type: 'number' }, '1e3', 1000],
    [{ type: 'number' }, 'ten', '! must be a number, not "ten"'],
    [{ type: 'number' }, '0x10', '! must be a number, not "0x10"'],
    [{ type: 'boolean' }, 'true', true],
    [{ type: 'boolean' }, 1, '! must be true or false, not 1'],
    [{ type: 'string' }, '', ''],
    [{ type: 'string' }, 5, '! must be a text, not 5'],
    [{ type: 'date' }, '2028-02-29', '2028-02-29'],
    [{ type: 'date' }, '2026-02-29', '! there is no 2026-02-29 in the calendar'],
    [{ type: 'date' }, '29.02.2028', '! must be a date like 2026-12-31, not "29.02.2028"'],
    [{ type: 'datetime' }, '2026-07-01T10:00', '2026-07-01T08:00:00.000Z'],
    [{ type: 'datetime' }, '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    [{ type: 'datetime' }, '2026-07-01T10:00:00.123+02:00', '2026-07-01T08:00:00.123Z'],
    [{ type: 'datetime' }, '2026-07-01T25:00Z', '! there is no time 25:00'],
    [{ type: 'string', choices: ['red', 'blue'] }, 'bleu', '! must be one of red, blue; did you mean "blue"?'],
    [{ type: 'integer', choices: [1, 2] }, '2', 2],
    [{ type: 'string', pattern: '[A-Z]{4}' }, 'XPARX', '! must match the pattern [A-Z]{4}'],
    [{ type: 'string', pattern: '[A-Z]{4}' }, 'XPAR', 'XPAR'],
    [{ type: 'number', minimum: 0, maximum: 1 }, 1.5, '! must be at most 1'],
    [{ type: 'integer' }, '', '! is missing'],
    [{ type: 'integer', required: false }, null, null],
  ])('%j from %j', (parameter, given, expected) => expect(one(parameter, given)).toEqual(expected));

  it('computes defaults from today and now, literal ones as they are', () => {
    const { values, faults, sql } = resolve({
      day: { type: 'date', default: 'today.addDays(-1)' },
      start: { type: 'date', default: '2026-01-01' },
      before: { type: 'date', default: 'now - duration("24h")' },
      at: { type: 'datetime', default: 'now' },
      file: { type: 'string', default: 'trades_{{ today }}.csv' },
      most: { type: 'integer', default: 10 },
      twice: { type: 'integer', default: '2 * 5' },
      free: { type: 'string', required: false },
    });
    expect(faults).toEqual([]);
    expect(values).toEqual({
      day: '2026-03-28',
      start: '2026-01-01',
      before: '2026-03-28',
      at: '2026-03-29T00:30:00.000Z',
      file: 'trades_2026-03-29.csv',
      most: 10,
      twice: 10,
      free: null,
    });
    expect(sql.day).toEqual({ type: 'date', value: '2026-03-28' });
  });

  it('reports everything at once', () => {
    const { faults } = resolve(
      { day: { type: 'date' }, most: { type: 'integer' }, bad: { type: 'integer', default: 'todai' } },
      { dya: 1, most: 'x', constructor: 1 },
    );
    expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'parameters.dya: the flow has no parameter "dya"; did you mean "day"?',
      'parameters.constructor: the flow has no parameter "constructor"',
      'parameters.day: is missing',
      'parameters.most: must be a whole number, not "x"',
      'parameters.bad.default: "todai": there is no parameter "todai"; did you mean "today"?',
    ]);
  });

  it('never throws, whatever is given', () => {
    const type = fc.constantFrom('string', 'integer', 'number', 'boolean', 'date', 'datetime');
    fc.assert(
      fc.property(
        type,
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        (kind, given) => void one({ type: kind } as Parameter, given),
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('parametersSchema', () => {
  it('describes a form', () => {
    const schema = parametersSchema({
      day: { type: 'date', default: 'today' },
      code: { type: 'string', title: 'Code', pattern: '[A-Z]+', default: 'A' },
      level: { type: 'integer', choices: [1, 2], minimum: 1 },
      odd: { type: 'string', pattern: '(?i)x', required: false },
    });
    expect(schema).toMatchObject({
      properties: {
        day: { type: 'string', format: 'date', title: 'day', defaultExpression: 'today' },
        code: { type: 'string', title: 'Code', pattern: '^(?:[A-Z]+)$', default: 'A' },
        level: { type: 'integer', enum: [1, 2], minimum: 1 },
      },
      required: ['level'],
      additionalProperties: false,
    });
    expect((schema.properties as Record<string, object>).odd).not.toHaveProperty('pattern');
  });
});
