import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress-meter.ts';

describe('a progress meter', () => {
  it('makes percentage and remaining time from a total', () => {
    const meter = new ProgressMeter(2);
    expect(meter.measure({ bytes: 0, total: 4_000 }, 0)).toEqual({ bytes: 0, total: 4_000, unit: 'bytes', percent: 0, attempt: 2 });
    expect(meter.measure({ bytes: 1_000, total: 4_000 }, 10_000)).toEqual({
      bytes: 1_000,
      total: 4_000,
      unit: 'bytes',
      percent: 25,
      remainingMs: 30_000,
      attempt: 2,
    });
    expect(meter.measure({ bytes: 4_000, total: 4_000 }, 40_000)).toMatchObject({ percent: 100, remainingMs: 0 });
  });
  it('takes the pace from the first report on, not from what was done before', () => {
    const meter = new ProgressMeter(1);
    meter.measure({ percent: 50 }, 60_000);
    expect(meter.measure({ percent: 75 }, 70_000)).toMatchObject({ percent: 75, remainingMs: 10_000 });
  });
  it('begins anew when a step does', () => {
    const meter = new ProgressMeter(1);
    meter.measure({ rows: 0, total: 10 }, 0);
    meter.measure({ rows: 9, total: 10 }, 1_000);
    expect(meter.measure({ rows: 1, total: 10 }, 2_000).remainingMs).toBeUndefined();
    expect(meter.measure({ rows: 2, total: 10 }, 4_000).remainingMs).toBe(16_000);
  });
  it('counts without an end where none is known', () => {
    expect(new ProgressMeter(1).measure({ items: 7, rows: 12 }, 0)).toEqual({ items: 7, rows: 12, attempt: 1 });
  });
  it('passes over what is no count, and never says more than all', () => {
    const odd = { rows: Number.NaN, bytes: -1, items: '3', total: Number.POSITIVE_INFINITY, percent: 180, more: 'x' } as never;
    expect(new ProgressMeter(1).measure(odd, 0)).toEqual({ percent: 100, attempt: 1 });
    expect(new ProgressMeter(1).measure({ rows: 12, total: 10 }, 0)).toMatchObject({ percent: 100 });
  });
});
