import type { LogMatches } from '@tidewheel/contract/routes/run-logs';
import { describe, expect, it } from 'vitest';
import { type AskSearch, LogSearch, type SearchView } from './log-search.ts';

/** Answers as the server does for a log in which every `every`th line is a hit: 50 lines looked through at a time. */
function open(every: number) {
  const log = { lines: 500 };
  const asked: number[] = [];
  const ask: AskSearch = async ({ after, found, limit }) => {
    asked.push(after);
    const to = Math.min(log.lines, after + 50);
    const hits = Array.from({ length: to - after }, (_, n) => after + n + 1).filter((seq) => seq % every === 0);
    const shown = hits.slice(0, limit);
    const isCut = shown.length === limit && shown.length > 0;
    const lines = shown.map((seq) => ({ seq })) as LogMatches['lines'];
    return { lines, found: found + shown.length, next: isCut ? (shown.at(-1) ?? 0) : to, more: isCut || to < log.lines };
  };
  const views: SearchView[] = [];
  return { search: new LogSearch(ask, (view) => views.push(view)), views, asked, log };
}

describe('a search through a log', () => {
  it('goes on over stretches without a hit to the end', async () => {
    const { search, views, asked } = open(170);
    await search.lookOn();
    expect(views.at(-1)).toEqual({ hits: [170, 340], isLooking: false, more: false, error: null });
    expect(asked).toHaveLength(10);
  });
  it('looks at what was added, and at nothing twice', async () => {
    const { search, views, asked, log } = open(170);
    await search.lookOn();
    log.lines = 520;
    search.grown();
    await expect.poll(() => views.at(-1)?.hits).toEqual([170, 340, 510]);
    expect(asked.at(-1)).toBe(500);
  });
  it('says no more once it is closed', async () => {
    const { search, views } = open(1);
    const looking = search.lookOn();
    search.close();
    await looking;
    expect(views.at(-1)).toMatchObject({ hits: [], isLooking: true });
  });
  it('stops at an error, and goes on from there when asked', async () => {
    let fails = true;
    const views: SearchView[] = [];
    const search = new LogSearch(
      async () => {
        if (fails) throw new RangeError('down');
        return { lines: [], found: 0, next: 5, more: false };
      },
      (view) => views.push(view),
    );
    await search.lookOn();
    expect(views.at(-1)).toMatchObject({ isLooking: false, error: { message: 'down' } });
    fails = false;
    await search.lookOn();
    expect(views.at(-1)).toMatchObject({ isLooking: false, error: null, more: false });
  });
});
