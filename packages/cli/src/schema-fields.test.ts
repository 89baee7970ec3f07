import { expect, test } from 'vitest';
import { schemaFields } from './schema-fields.ts';

test('fields of lists and objects are named by their path, with type, default and range', () => {
  const schema = {
    required: ['where', 'checks', 'mode'],
    properties: {
      where: { type: 'string', field: 'row', title: 'Condition' },
      mode: { enum: ['a', 'b'], default: 'a' },
      to: { type: 'string', widget: 'connection', of: 'sftp' },
      top: { type: 'integer', minimum: 1, maximum: 9_007_199_254_740_991 },
      checks: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } } },
    },
  };
  expect(schemaFields(schema).map((field) => [field.name, field.type, field.isRequired, field.default])).toEqual([
    ['where', 'SQL over columns', true, ''],
    ['mode', 'a | b', false, '"a"'],
    ['to', 'connection of type sftp', false, ''],
    ['top', 'integer from 1', false, ''],
    ['checks', 'list of object', true, ''],
    ['checks[].name', 'string', true, ''],
  ]);
});
