import { expect, test } from 'vitest';
import { stateOf, viewBacklog, viewQueues, type WorkerRow } from './engine-status.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
function worker(more: Partial<WorkerRow> = {}): WorkerRow {
  const id = '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11';
  const row = { id, host: 'one', pid: 7, version: '1', tags: ['default'], concurrency: 10, rates: { default: 30 }, held: 2 };
  return { ...row, started_at: ago(600), beat_at: ago(0.3), drain_at: null, drain_by: null, ...more };
}

test('a worker is silent, drained, draining, paused or working, in this order', () => {
  const drained = { drain_at: ago(60), drain_by: 'ada@example.com' };
  const of = (row: WorkerRow, isPaused = false) => stateOf(row, { now, isPaused });
  expect(of(worker({ beat_at: ago(6), ...drained }), true)).toBe('silent');
  expect(of(worker({ held: 0, ...drained }), true)).toBe('drained');
  expect(of(worker(drained))).toBe('draining');
  expect(of(worker(), true)).toBe('paused');
  expect(of(worker())).toBe('working');
});

test('a queue without workers is shown, and one without work', () => {
  const depths = [{ tag: 'mainframe', ready: 3, delayed: 1, oldest: ago(90) }];
  const workers = [worker(), worker({ rates: { default: 12.5 } }), worker({ beat_at: ago(60) }), worker({ drain_at: now, drain_by: 'x', rates: {} })];
  expect(viewQueues({ depths, held: new Map([['default', 4]]), workers, now })).toEqual([
    { tag: 'default', workers: 2, places: 20, held: 4, ready: 0, delayed: 0, oldestAt: null, perMinute: 42.5 },
    { tag: 'mainframe', workers: 0, places: 0, held: 0, ready: 3, delayed: 1, oldestAt: '2026-11-20T11:58:30.000Z', perMinute: 0 },
  ]);
});

test('what has not ended is counted by why', () => {
  const runs = [
    { state: 'running' as const, count: 5, paused: 2 },
    { state: 'queued' as const, count: 3, paused: 1 },
  ];
  expect(viewBacklog({ runs, held: 2, waits: [{ kind: 'timer', count: 7 }], parked: [{ why: 'slot', count: 4 }] })).toEqual({
    runs: { queued: 3, running: 5, cancelling: 0 },
    held: 2,
    paused: 3,
    waits: { timer: 7 },
    parked: { paused: 0, held: 0, slot: 4 },
  });
});
