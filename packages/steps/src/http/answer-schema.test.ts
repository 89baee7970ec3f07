import { describe, expect, it } from 'vitest';
import { faultOfSchema, faultsBy } from './answer-schema.ts';

describe('a schema that an answer is held against', () => {
  it.each([
    [{ required: ['id'] }, {}, /the body: .*"id"/],
    [{ type: 'object', properties: { a: {} }, required: ['a', 'b'] }, { a: 1 }, /"b"/],
    [{ properties: { a: { type: 'number' } } }, { a: 'x' }, /^a: /],
    [{ items: { type: 'string' } }, [1], /^0: /],
    [{ minimum: 5 }, 3, /5/],
    [{ not: { type: 'string' } }, 'x', /the body/],
    [{ if: { type: 'string' }, else: false }, 1, /the body/],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, /b/],
    [{ properties: { list: { items: { $ref: '#/$defs/row' } } }, $defs: { row: { required: ['n'] } } }, { list: [{ n: 1 }, {}] }, /^list.1: .*"n"/],
    [{ type: 'object' }, undefined, /the body/],
  ])('%j refuses %j', (schema, value, message) => {
    expect(faultOfSchema(schema)).toBeUndefined();
    expect(faultsBy(schema, value)[0]).toMatch(message);
  });

  it('takes what fits, and writes nothing into the schema', () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', properties: { a: { $ref: '#/definitions/n' } }, definitions: { n: { const: 1 } } };
    const before = structuredClone(schema);
    expect(faultsBy(schema, { a: 1, b: 2 })).toEqual([]);
    expect(schema).toEqual(before);
  });

  it.each([
    [{ type: 'strng' }, /type/],
    [{ required: 'id' }, /required/],
    [{ properties: { a: { pattern: '(' } } }, /properties.a.pattern/],
    [{ $ref: 'https://example.org/schema' }, /\$ref/],
    [{ allOf: {} }, /allOf/],
  ])('is refused when it means nothing: %j', (schema, message) => expect(faultOfSchema(schema)).toMatch(message));
});
