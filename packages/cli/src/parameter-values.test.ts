import { expect, test } from 'vitest';
import { valuesFrom } from './parameter-values.ts';

const schema = {
  properties: {
    day: { type: 'string', format: 'date' },
    top: { type: 'integer' },
    rate: { type: 'number' },
    dry: { type: 'boolean' },
    list: { type: 'array' },
    level: { enum: [1, 2] },
    maybe: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  },
};

test('each value gets the type that the schema asks for', () => {
  expect(valuesFrom(['day=2026-01-02', 'top=5', 'rate=-0.5', 'dry=TRUE', 'list=[1,2]', 'level=2', 'maybe=3', 'other=7', 'day2=a=b'], schema)).toEqual({
    day: '2026-01-02',
    top: 5,
    rate: -0.5,
    dry: true,
    list: [1, 2],
    level: 2,
    maybe: 3,
    other: '7',
    day2: 'a=b',
  });
});

test.each([
  ['top=five', 'top: "five" is not an integer'],
  ['dry=yes', 'dry: "yes" is not a boolean'],
  ['list=[', 'list: "[" is not JSON'],
  ['day', '"day" is not of the form name=value'],
  ['=x', '"=x" is not of the form name=value'],
])('%s is refused by name', (pair, message) => {
  expect(() => valuesFrom([pair], schema)).toThrow(message);
});
