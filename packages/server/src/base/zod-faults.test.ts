import { expect, test } from 'vitest';
import { z } from 'zod';
import { faultsOfZod } from './zod-faults.ts';

const schema = z.strictObject({
  name: z.string().min(2),
  size: z.number().max(3, 'is more than we carry'),
  kind: z.enum(['folder', 'sftp']),
  email: z.email(),
  at: z.iso.datetime(),
  code: z.string().regex(/^[a-z]+$/),
  day: z.string().regex(/^\d+$/, 'must be digits'),
  either: z.union([z.string(), z.number()]),
  items: z.array(z.strictObject({ use: z.string() })),
});
function faults(input: unknown, withoutValues = false): Record<string, string> {
  const parsed = schema.safeParse(input);
  const found = parsed.success ? [] : faultsOfZod({ error: parsed.error, input, schema, path: [], withoutValues });
  return Object.fromEntries(found.map(({ path, message }) => [path, message]));
}
const wrong = { name: 7, size: 4, kind: 'sfpt', email: 'a', at: 'noon', code: '1', day: 'x', either: true, items: [{ use: 'a', ues: 'b' }] };

test('what is missing is said to be missing, whatever its type', () => {
  expect(faults({})).toEqual(Object.fromEntries(Object.keys(schema.shape).map((name) => [name, 'is missing'])));
  expect(faults(undefined)).toEqual({ '(document)': 'is missing' });
});

test('every fault is in plain words, those of the schema where it has some', () => {
  expect(faults(wrong)).toEqual({
    name: 'must be a text, not 7',
    size: 'is more than we carry',
    kind: 'must be one of "folder", "sftp", not "sfpt"; did you mean "sftp"?',
    email: 'must be an e-mail address',
    at: 'must be an instant like 2026-11-20T17:00:00Z',
    code: 'must match pattern /^[a-z]+$/',
    day: 'must be digits',
    either: 'must be a text or a number, not true',
    'items[0].ues': 'unknown key "ues"; did you mean "use"?',
  });
});

test('without values nothing that was given is repeated', () => {
  const given = { ...wrong, name: { a: 'hunter2' }, kind: 'hunter2', either: ['hunter2'], items: 'hunter2' };
  expect(faults(given, true)).toMatchObject({
    name: 'must be a text',
    kind: 'must be one of "folder", "sftp"',
    either: 'must be a text or a number',
    items: 'must be a list',
  });
  expect(JSON.stringify(faults(given, true))).not.toContain('hunter2');
});
