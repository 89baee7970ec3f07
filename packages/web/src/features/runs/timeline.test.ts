import { expect, test } from 'vitest';
import { haveSharedJob, timelineOf } from './timeline.ts';

const step = (name: string, startedAt: string | null, finishedAt: string | null) => ({ step: name, state: 'succeeded', startedAt, finishedAt }) as never;
const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

test('bars lie where their steps ran', () => {
  const { bars, totalMs } = timelineOf(
    { createdAt: at(0), startedAt: at(10), finishedAt: at(20), steps: [step('a', at(10), at(15)), step('b', at(15), at(20)), step('c', null, null)] },
    0,
  );
  expect(totalMs).toBe(10_000);
  expect(bars.map((bar) => [bar.step, bar.left, bar.width, bar.ms])).toEqual([
    ['a', 0, 50, 5_000],
    ['b', 50, 50, 5_000],
    ['c', 0, 0, null],
  ]);
});
test('a step that runs reaches to now, and never beyond the axis', () => {
  const { bars } = timelineOf({ createdAt: at(0), startedAt: at(0), finishedAt: null, steps: [step('a', at(2), null)] }, 4_000);
  expect(bars[0]).toMatchObject({ left: 50, width: 50, ms: 2_000 });
});

test('steps of one table job are told apart from steps of their own', () => {
  const span = (from: number, to: number) => ({ startedAt: at(from), finishedAt: at(to) });
  expect(haveSharedJob([span(1, 2), span(1, 2), span(2, 3)])).toBe(true);
  expect(haveSharedJob([span(1, 2), span(2, 3), { startedAt: null, finishedAt: null }, { startedAt: null, finishedAt: null }])).toBe(false);
});
