import { expect, test } from 'vitest';
import { slotFaults } from './slots.ts';

const span = (step: string, [from, to]: [number, number | null], pid = 1) => ({ holds: ['key'], run: 'run', step, pid, from, to });
const faults = (spans: ReturnType<typeof span>[], cuts: { pid: number; at: number }[] = []) => slotFaults({ spans, cuts, most: { key: 1 }, apartMs: 10 });

test('two at once with one slot are found, one after the other are not', () => {
  expect(faults([span('a', [0, 100]), span('b', [95, 200])])).toEqual([]);
  expect(faults([span('a', [0, 100]), span('b', [60, 200])])).toEqual([
    '2 with 1 slots of key at once: run a in 1 from 0.0 to 90.0; run b in 1 from 60.0 to 190.0',
  ]);
  expect(slotFaults({ spans: [span('a', [0, 100]), span('b', [60, 200])], cuts: [], most: { key: 2 }, apartMs: 10 })).toEqual([]);
});

test('a process that was stopped, killed or declared dead holds nothing from then on', () => {
  const cuts = [{ pid: 1, at: 50 }];
  expect(faults([span('a', [0, 100]), span('b', [60, 200], 2)], cuts)).toEqual([]);
  expect(faults([span('a', [0, null]), span('b', [60, 200], 2)], cuts)).toEqual([]);
  expect(faults([span('a', [0, null]), span('b', [30, 200], 2)], cuts)).toHaveLength(1);
  expect(faults([span('a', [55, 100]), span('b', [60, 200], 2)], cuts)).toHaveLength(1);
});
