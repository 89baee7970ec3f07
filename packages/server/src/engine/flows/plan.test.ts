import { FlowDocument } from '@tidewheel/contract/flow-document';
import { inputsOf } from '@tidewheel/contract/flow-steps';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { defineStep, defineTableStep } from '@tidewheel/kit/define-step';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { planFlow } from './plan.ts';

const ui = { title: 't', group: 'g', icon: 'x', summary: '' };
const common = { version: 1, ui, description: '', config: z.looseObject({}), examples: [] };
const table = (type: string, produces: 'table' | 'file' = 'table'): AnyStepType =>
  defineTableStep({
    ...common,
    type,
    produces,
    inputs: { min: 0, max: null, carries: 'any' },
    relation: () => ({ op: 'limit', rows: 1 }),
  }) as unknown as AnyStepType;
const inline = (type: string, more: object = {}): AnyStepType =>
  defineStep({ ...common, type, produces: 'file', inputs: { min: 0, max: null, carries: 'any' }, run: async () => ({}), ...more }) as unknown as AnyStepType;
const types = new Map(
  [table('read'), table('map'), table('write', 'file'), inline('do'), inline('pure', { pure: true, retry: { attempts: 3, delay: '2s' } })].map((type) => [
    type.type,
    type,
  ]),
);

const planOf = (steps: Record<string, object>) => planFlow(FlowDocument.parse({ flow: 'f', title: 'F', steps }), types);
const unitsOf = (steps: Record<string, object>) => [...planOf(steps).units.values()].map((unit) => unit.steps.join('+'));

describe('planFlow', () => {
  it('makes one unit of a connected stretch and keeps only what is needed outside', () => {
    const plan = planOf({
      a: { use: 'read' },
      b: { use: 'read' },
      j: { use: 'map', from: { left: 'a', right: 'b' } },
      w: { use: 'write', from: 'j' },
      k: { use: 'map', from: 'j' },
      f: { use: 'do', from: 'j' },
    });
    expect([...plan.units.values()].map((unit) => unit.steps)).toEqual([['a', 'b', 'j', 'w', 'k'], ['f']]);
    expect([...plan.steps.values()].filter((step) => step.kept).map((step) => step.id)).toEqual(['j', 'k']);
    expect(plan.roots).toEqual(['a']);
    expect(plan.units.get('f')?.predecessors).toEqual(['a']);
    expect(plan.units.get('a')?.successors).toEqual(['f']);
  });

  it('stays convex: what leaves a stretch and comes back starts a new one', () => {
    expect(unitsOf({ a: { use: 'read' }, x: { use: 'do', from: 'a' }, j: { use: 'map', from: { l: 'a', r: 'x' } } })).toEqual(['a', 'x', 'j']);
  });

  it('starts a new stretch behind a written file, which is there only when its job is done', () => {
    expect(unitsOf({ a: { use: 'read' }, w: { use: 'write', from: 'a' }, b: { use: 'read', from: 'w' }, c: { use: 'map', from: 'b' } })).toEqual([
      'a+w',
      'b+c',
    ]);
  });

  it('lets a source wait for the stretch that alone reads it', () => {
    expect(
      unitsOf({ big: { use: 'read' }, get: { use: 'do' }, small: { use: 'read', from: 'get' }, j: { use: 'map', from: { l: 'big', r: 'small' } } }).sort(),
    ).toEqual(['big+small+j', 'get']);
  });

  it.each([
    ['when', { when: 'true' }],
    ['after', { after: 'z' }],
    ['retry', { retry: { attempts: 2 } }],
    ['timeout', { timeout: '5m' }],
    ['worker', { worker: 'lab' }],
    ['a template over results', { with: { name: '{{ steps.z.rows }}' } }],
  ])('a step with its own %s stands alone', (_name, own) => {
    expect(unitsOf({ z: { use: 'do' }, a: { use: 'read' }, b: { use: 'map', from: 'a', ...own }, c: { use: 'map', from: 'b' } }).sort()).toEqual([
      'a',
      'b',
      'c',
      'z',
    ]);
  });

  it('does not skip with a condition what does not stand under it', () => {
    const units = unitsOf({
      get: { use: 'do', when: 'false' },
      a: { use: 'read', from: 'get' },
      b: { use: 'read' },
      c: { use: 'map', from: 'b' },
      w: { use: 'write', from: 'c' },
      j: { use: 'map', from: { l: 'a', r: 'c' } },
    });
    expect(units.sort()).toEqual(['a+j', 'b+c+w', 'get']);
  });

  it('takes retry, timeout, priority and purity over', () => {
    const plan = planOf({
      a: { use: 'pure', timeout: '1h30m', priority: 5 },
      b: { use: 'do', retry: { attempts: 2, delay: '10s', factor: 1 } },
      c: { use: 'do' },
    });
    expect(plan.units.get('a')).toMatchObject({
      pure: true,
      kind: 'inline',
      timeoutMs: 5_400_000,
      priority: 5,
      retry: { attempts: 3, delayMs: 2_000, factor: 2, maxDelayMs: 300_000 },
    });
    expect(plan.units.get('b')).toMatchObject({ pure: false, retry: { attempts: 2, delayMs: 10_000, factor: 1 } });
    expect(plan.units.get('c')?.retry.attempts).toBe(1);
  });

  it('refuses cycles, unknown step types and unknown steps', () => {
    expect(() => planOf({ a: { use: 'do', from: 'b' }, b: { use: 'do', after: 'a' } })).toThrow('steps.a -> steps.b -> steps.a');
    expect(() => planOf({ a: { use: 'nope' } })).toThrow('no step type "nope"');
    expect(() => planOf({ a: { use: 'do', after: 'constructor' } })).toThrow('no step "constructor"');
  });

  it('plans a thousand steps', () => {
    const steps = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`s${index}`, { use: index % 7 === 6 ? 'do' : 'map', ...(index > 0 && { from: `s${index - 1}` }) }]),
    );
    expect(unitsOf(steps)).toHaveLength(285);
  });

  it('of any graph makes acyclic, convex units that hold each step once', () => {
    const step = fc.record({
      use: fc.constantFrom('read', 'map', 'map', 'map', 'write', 'do'),
      from: fc.array(fc.nat(), { maxLength: 3 }),
      after: fc.option(fc.nat(), { freq: 8 }),
      when: fc.option(fc.constant('true'), { freq: 8 }),
      worker: fc.option(fc.constant('lab'), { freq: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (drafts) => {
        const steps = Object.fromEntries(
          drafts.map((draft, index) => {
            const from = Object.fromEntries(index > 0 ? draft.from.map((at, input) => [`i${input}`, `s${at % index}`]) : []);
            return [
              `s${index}`,
              {
                use: draft.use,
                ...(Object.keys(from).length > 0 && { from }),
                ...(draft.after !== null && index > 0 && { after: `s${draft.after % index}` }),
                ...(draft.when && { when: draft.when }),
                ...(draft.worker && { worker: draft.worker }),
              },
            ];
          }),
        );
        const plan = planOf(steps);
        expect([...plan.units.values()].flatMap((unit) => unit.steps).sort()).toEqual(Object.keys(steps).sort());
        // Acyclic: a topological order of the units exists; the contraction of an acyclic graph is convex exactly then.
        const done = new Set<string>();
        for (let left = plan.units.size; left > 0; left--) {
          const next = [...plan.units.values()].find((unit) => !done.has(unit.id) && unit.predecessors.every((id) => done.has(id)));
          expect(next).toBeDefined();
          done.add(next?.id ?? '');
        }
        for (const unit of plan.units.values()) {
          const position = new Map(unit.steps.map((id, index) => [id, index]));
          expect(unit.id).toBe(unit.steps[0]);
          for (const id of unit.steps) {
            const planned = plan.steps.get(id);
            expect(planned?.unit).toBe(unit.id);
            for (const before of planned?.predecessors ?? []) if (position.has(before)) expect(position.get(before)).toBeLessThan(position.get(id) ?? -1);
          }
          if (unit.steps.length === 1) continue;
          expect(unit.kind).toBe('table');
          expect(new Set(unit.steps.map((id) => plan.steps.get(id)?.tag)).size).toBe(1);
          expect(unit.steps.every((id) => !steps[id] || (!('when' in steps[id]) && !('after' in steps[id])))).toBe(true);
          const members = new Set(unit.steps);
          expect(
            unit.steps
              .slice(1)
              .every((id) =>
                [...plan.steps.values()].some(
                  (other) =>
                    members.has(other.id) &&
                    (Object.values(inputsOf(other.step)).includes(id) || (other.id === id && Object.values(other.inputs).some((name) => members.has(name)))),
                ),
              ),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
