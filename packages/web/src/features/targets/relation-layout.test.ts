import type { RelatedTarget, TargetRelation } from '@tidewheel/contract/routes/target-relations';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { boxHeight, layOut } from './relation-layout.ts';

const host = (name: string): RelatedTarget => ({ id: name, name, title: name, state: 'ok', distance: 0 });

test('what a host needs stands left of it, what needs it right of it', () => {
  const { hosts } = layOut(['web', 'db', 'disk', 'portal', 'bastion'].map(host), [
    { from: 'web', to: 'db', kind: 'dependsOn' },
    { from: 'db', to: 'disk', kind: 'dependsOn' },
    { from: 'portal', to: 'web', kind: 'dependsOn' },
    { from: 'web', to: 'bastion', kind: 'via' },
  ]);
  const x = Object.fromEntries(hosts.map((one) => [one.name, one.x])) as Record<string, number>;
  expect([...new Set(Object.values(x))].sort((one, other) => one - other)).toEqual([x['disk'], x['db'], x['web'], x['portal']]);
  expect(x['bastion']).toBe(x['db']);
});

test('every host has a place of its own inside the drawing, whatever leads where', () => {
  const names = Array.from({ length: 40 }, (_, at) => `h${at}`);
  const relation = fc.record<TargetRelation>({ from: fc.constantFrom(...names), to: fc.constantFrom(...names), kind: fc.constantFrom('via', 'dependsOn') });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(relation, { maxLength: 80 }), (count, relations) => {
      const shown = names.slice(0, count);
      const { hosts, width, height } = layOut(
        shown.map(host),
        relations.filter(({ from, to }) => from !== to && shown.includes(from) && shown.includes(to)),
      );
      expect(hosts.map(({ name }) => name).sort()).toEqual([...shown].sort());
      expect(new Set(hosts.map(({ x, y }) => `${x} ${y}`)).size).toBe(count);
      for (const { x, y } of hosts) expect(x >= 0 && x < width && y >= 0 && y + boxHeight <= height + 0.001).toBe(true);
    }),
  );
});
