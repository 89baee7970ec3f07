import type { LogLine } from '@tidewheel/contract/run';
import { describe, expect, it } from 'vitest';
import { heldLines, type LogView, LogWindow } from './log-window.ts';

/** A log of so many lines, of which `rare` ones only when it is filtered. */
function open(count: number, { isFiltered = false, answer = Number.POSITIVE_INFINITY }: { isFiltered?: boolean; answer?: number } = {}) {
  const line = (seq: number) => ({ seq, text: `line ${seq}` }) as LogLine;
  const all = Array.from({ length: count }, (_, n) => line(n + 1)).filter(({ seq }) => !isFiltered || seq % 20_000 === 0);
  let following: { after: number; onLines: (lines: LogLine[]) => void } | null = null;
  const views: LogView[] = [];
  const window = new LogWindow(
    {
      isFiltered,
      read: async (after, limit) => all.filter(({ seq }) => seq > after).slice(0, Math.min(limit, answer)),
      follow: (after, onLines) => {
        following = { after, onLines };
        return () => {
          following = null;
        };
      },
    },
    (view) => views.push(view),
  );
  const now = () => {
    const view = views.at(-1);
    return { from: view?.lines[0]?.seq, to: view?.lines.at(-1)?.seq, count: view?.lines.length, isAtEnd: view?.isAtEnd, hasEarlier: view?.hasEarlier };
  };
  return { window, now, views, come: (seq: number) => following?.onLines([line(seq)]), following: () => following?.after ?? null };
}

describe('the window on a log', () => {
  it('opens a long log at its end, and follows it', async () => {
    const { window, now, come, following } = open(100_000);
    await window.open(99_990);
    expect(now()).toEqual({ from: 89_991, to: 100_000, count: 10_010, isAtEnd: true, hasEarlier: true });
    expect(following()).toBe(100_000);
    come(100_001);
    expect(now()).toMatchObject({ to: 100_001 });
  });
  it('opens a short one whole', async () => {
    const { window, now } = open(20);
    await window.open(20);
    expect(now()).toEqual({ from: 1, to: 20, count: 20, isAtEnd: true, hasEarlier: false });
  });
  it('goes to a line that is not there, and on from there in both directions', async () => {
    const { window, now, following } = open(100_000);
    await window.open(100_000);
    await window.goTo(50_000);
    expect(now()).toEqual({ from: 47_500, to: 52_499, count: 5_000, isAtEnd: false, hasEarlier: true });
    expect(following()).toBeNull();
    expect(await window.earlier()).toBe(5_000);
    await window.later();
    expect(now()).toEqual({ from: 42_500, to: 57_499, count: 15_000, isAtEnd: false, hasEarlier: true });
    await window.newest(100_000);
    expect(now()).toMatchObject({ from: 90_001, to: 100_000, isAtEnd: true });
  });
  it('stays where the line is there already', async () => {
    const { window, views } = open(20);
    await window.open(20);
    const before = views.length;
    await window.goTo(7);
    expect(views).toHaveLength(before);
  });
  it('holds so many lines and no more, whichever way it grows', async () => {
    const { window, now, following, come } = open(100_000);
    await window.open(100_000);
    for (let n = 0; n < 12; n++) await window.earlier();
    expect(now()).toMatchObject({ count: heldLines, from: 30_001, isAtEnd: false });
    expect(following()).toBeNull();
    for (let n = 0; n < 12; n++) await window.later();
    expect(now()).toMatchObject({ count: heldLines, to: 100_000, isAtEnd: true, hasEarlier: true });
    come(100_001);
    expect(now()).toMatchObject({ count: heldLines, to: 100_001 });
  });
  it('opens a filtered log at its beginning, and finds what is rare', async () => {
    const { window, now } = open(100_000, { isFiltered: true });
    await window.open(100_000);
    expect(now()).toEqual({ from: 20_000, to: 100_000, count: 5, isAtEnd: true, hasEarlier: false });
    await window.newest(100_000);
    expect(now()).toMatchObject({ count: 1, hasEarlier: true });
    expect(await window.earlier()).toBe(1);
    expect(now()).toMatchObject({ from: 80_000 });
  });
  it('opens with fewer lines, and goes to any, where lines are so long that few fit an answer', async () => {
    const { window, now } = open(100_000, { answer: 60 });
    await window.open(100_000);
    expect(now()).toMatchObject({ from: 99_981, to: 100_000, isAtEnd: true });
    await window.goTo(50_000);
    expect(now()).toMatchObject({ from: 49_980, isAtEnd: false });
    expect(now().to).toBeGreaterThanOrEqual(50_000);
    expect(await window.earlier()).toBe(20);
    expect(now()).toMatchObject({ from: 49_960 });
  });
  it('waits for what comes anyway before it goes elsewhere', async () => {
    const { window, now } = open(100_000, { isFiltered: true });
    await Promise.all([window.open(100_000), window.goTo(40_000)]);
    expect(now()).toMatchObject({ from: 20_000, count: 5, hasEarlier: false });
  });
  it('goes to the line that was asked for last', async () => {
    const { window, now } = open(100_000);
    await window.open(100_000);
    await Promise.all([window.goTo(10_000), window.goTo(50_000)]);
    expect(now()).toMatchObject({ from: 47_500 });
  });
  it('tells a failure, and forgets it with the next success', async () => {
    let fails = true;
    const views: LogView[] = [];
    const read = async () => {
      if (fails) throw new RangeError('down');
      return [];
    };
    const window = new LogWindow({ isFiltered: false, read, follow: () => () => undefined }, (view) => views.push(view));
    await window.open(0);
    expect(views.at(-1)).toMatchObject({ isLoading: false, error: { message: 'down' } });
    fails = false;
    await window.open(0);
    expect(views.at(-1)).toMatchObject({ isLoading: false, error: null, isAtEnd: true });
  });
});
