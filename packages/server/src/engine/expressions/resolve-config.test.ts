import { InvalidInput } from '@tidewheel/contract/errors';
import { type AnyStepType, defineStep } from '@tidewheel/kit/define-step';
import { connection, expression, rowExpression, template } from '@tidewheel/kit/fields';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resolveConfig } from './resolve-config.ts';
import type { Scope } from './scope.ts';

const hints = { title: 'x' };
const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mail'), to: template(hints) }),
  z.strictObject({ kind: z.literal('raw'), to: z.string() }),
]);
const type = defineStep({
  type: 'test.all',
  version: 1,
  ui: { title: 't', group: 'g', icon: 'x', summary: '' },
  description: '',
  config: z.strictObject({
    name: template(hints).optional(),
    literal: z.string().default('as {{ it }} is'),
    asOf: expression(hints).optional(),
    where: rowExpression(hints).optional(),
    over: connection('folder').optional(),
    list: z.array(template(hints)).default([]),
    headers: z.record(z.string(), template(hints)).default({}),
    targets: z.array(target).default([]),
    short: template(hints).pipe(z.string().max(5)).optional(),
    either: z.union([z.number(), template(hints)]).optional(),
    most: z.number().int().default(10),
    fileName: template(hints).default('n-{{ day }}'),
  }),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'value',
  examples: [],
  check: ({ most }) => (most > 100 ? [{ path: 'most', message: 'must be less' }] : []),
  run: async () => ({}),
}) as unknown as AnyStepType;

const scope: Scope = {
  parameters: { day: '2026-11-20', n: 3 },
  steps: new Map(),
  run: { id: '1', number: 1, flow: 'f' },
  now: new Date(0),
  today: '1970-01-01',
};
const resolve = (config: unknown) => resolveConfig({ type, config, scope }) as Record<string, unknown>;

describe('resolveConfig', () => {
  it('fills templates wherever they stand, and nothing else', () => {
    const config = {
      name: 'a-{{ day }}.csv',
      asOf: '{{ day }}',
      where: "x = '{{ day }}'",
      over: '{{ day }}',
      list: ['{{ n }}', 'b'],
      headers: { 'x-day': '{{ day }}' },
      targets: [
        { kind: 'mail', to: '{{ n }}' },
        { kind: 'raw', to: '{{ n }}' },
      ],
      either: '{{ n + 1 }}',
    };
    expect(resolve(config)).toEqual({
      ...config,
      name: 'a-2026-11-20.csv',
      list: ['3', 'b'],
      headers: { 'x-day': '2026-11-20' },
      targets: [
        { kind: 'mail', to: '3' },
        { kind: 'raw', to: '{{ n }}' },
      ],
      either: '4',
      fileName: 'n-2026-11-20',
      literal: 'as {{ it }} is',
      most: 10,
    });
  });

  it('fills the default of a template that is left out, but not what is in a value', () => {
    expect(resolve({})).toMatchObject({ fileName: 'n-2026-11-20', literal: 'as {{ it }} is' });
    expect(resolve({ fileName: '{{ "{" + "{ day }}" }}' }).fileName).toBe('{{ day }}');
  });

  it('holds the result against the schema and the step against itself', () => {
    expect(resolve({ short: '{{ n }}' }).short).toBe('3');
    expect(() => resolve({ short: '{{ day }}' })).toThrow('with.short: must have at most 5 characters');
    expect(() => resolve({ most: 101 })).toThrow('with.most: must be less');
    expect(() => resolve({ nmae: 'x', most: 'y' })).toThrow(/with.most: must be a number, not "y"; with.nmae: unknown key "nmae"; did you mean "name"\?/);
    expect(() => resolve({ name: '{{ nobody }}' })).toThrow(/there is no parameter "nobody"/);
  });

  it('throws InvalidInput only, whatever the configuration', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.object({ key: fc.constantFrom('name', 'list', 'headers', 'targets', 'kind', 'to', 'either', '__proto__', 'x') }),
        (any, object) => {
          for (const config of [any, object]) {
            try {
              resolve(config);
            } catch (error) {
              if (!(error instanceof InvalidInput)) throw error;
            }
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
