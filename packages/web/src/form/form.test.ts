import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { wordsOf } from '../shared/words.ts';
import { changedValues, givenValues, scalarOf, valueAt, withValue } from './form-values.ts';
import { localInstant, utcInstant } from './local-instant.ts';
import { fieldsOf } from './schema-fields.ts';
import { validateValues } from './validate.ts';

const settings = z.object({
  host: z
    .string()
    .min(1)
    .meta({ title: 'Host', examples: ['files.example.org'] }),
  port: z.number().int().min(1).max(65_535).default(22),
  mode: z.enum(['fast', 'safe']),
  businessDate: z.iso.date().optional(),
  strict: z.boolean().default(false),
  folders: z.array(z.string()).optional(),
  proxy: z.object({ address: z.string() }).optional(),
  note: z.string().nullable().optional(),
  signIn: z.string().meta({ widget: 'credential', of: 'password|key' }).optional(),
  flow: z.string().meta({ widget: 'flow' }).optional(),
  flows: z.array(z.string().meta({ widget: 'flow' })).optional(),
  calendar: z.string().meta({ widget: 'calendar' }).optional(),
  start: z.union([z.string().min(1), z.number()]).optional(),
  login: z.discriminatedUnion('by', [
    z.object({ by: z.literal('password'), password: z.string() }),
    z.object({ by: z.literal('key'), privateKey: z.string() }),
  ]),
});
const schema = z.toJSONSchema(settings) as Record<string, unknown>;

describe('fields of a schema', () => {
  const fields = Object.fromEntries(fieldsOf(schema).map((field) => [field.name, field]));
  test('each kind of value gets its input', () => {
    expect(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.kind]))).toEqual({
      host: 'text',
      port: 'number',
      mode: 'select',
      businessDate: 'date',
      strict: 'boolean',
      folders: 'list',
      proxy: 'group',
      note: 'text',
      signIn: 'credential',
      flow: 'flow',
      flows: 'flows',
      calendar: 'calendar',
      start: 'scalar',
      login: 'variant',
    });
  });
  test('what may be a text or a number is a number where it is written as one', () => {
    expect(['0', '-1.5', '2026-01-01T00:00:00Z', '007', '1.', '1e400', ''].map(scalarOf)).toEqual([0, -1.5, '2026-01-01T00:00:00Z', '007', '1.', '1e400', '']);
  });
  test('titles, examples and bounds come along; a default means not required', () => {
    expect(fields['host']).toMatchObject({ title: 'Host', placeholder: 'files.example.org', isRequired: true });
    expect(fields['port']).toMatchObject({ minimum: 1, maximum: 65_535, isInteger: true, placeholder: '22', isRequired: false });
    expect(fields['signIn']).toMatchObject({ of: 'password|key' });
    expect(fields['businessDate']?.title).toBe('Business date');
  });
  test('a variant names its ways, and its secrets are hidden', () => {
    expect(fields['login']?.variants?.map((variant) => [variant.title, variant.fields.map((field) => [field.path, field.kind])])).toEqual([
      ['password', [['login.password', 'password']]],
      ['key', [['login.privateKey', 'textarea']]],
    ]);
  });
  test('names become words', () => expect(wordsOf('hostKey_sha256')).toBe('Host key sha256'));
});

describe('values', () => {
  test('are set and read by path without touching the old ones', () => {
    const old = { proxy: { address: 'a' }, host: 'h' };
    const next = withValue(old, 'proxy.address', 'b');
    expect(valueAt(next, 'proxy.address')).toBe('b');
    expect(old.proxy.address).toBe('a');
    expect(withValue(old, 'host', undefined)).toEqual({ proxy: { address: 'a' } });
  });
  test('left empty are not given', () => expect(givenValues({ a: '', b: { c: '' }, d: 0, e: false, f: [] })).toEqual({ d: 0, e: false, f: [] }));
  test('of what is given only what changed is sent', () =>
    expect(changedValues({ a: false, b: [1], c: 2 }, { a: true, b: [1], d: 3 })).toEqual({ a: false, c: 2 }));
  test('a tick that is the default shows', () => {
    const [on, off] = fieldsOf({ type: 'object', properties: { on: { type: 'boolean', default: true }, off: { type: 'boolean', default: false } } });
    expect([on?.isOn, off?.isOn]).toEqual([true, undefined]);
  });
  test('instants go to the reader’s zone and back', () => expect(utcInstant(localInstant('2026-03-01T12:00:00.000Z'))).toBe('2026-03-01T12:00:00.000Z'));
});

describe('faults', () => {
  test('name the field', async () => {
    const errors = await validateValues(schema, { port: 0, mode: 'other', strict: false, proxy: {}, login: { by: 'key', privateKey: 'x' } });
    expect(errors).toMatchObject({ host: 'is needed', port: 'is too small', mode: 'is not one of the choices', 'proxy.address': 'is needed' });
  });
  test('none for what is right', async () => {
    expect(await validateValues(schema, { host: 'h', port: 22, mode: 'fast', strict: true, login: { by: 'password', password: 'p' } })).toEqual({});
  });
});
