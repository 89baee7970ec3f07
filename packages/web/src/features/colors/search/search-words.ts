// A search as people read it.
import type { ColorSearch } from '@tidewheel/contract/routes/color-search';

const names: Partial<Record<keyof ColorSearch, string>> = {
  from: 'from',
  to: 'to',
  pxFrom: 'PX from',
  pxTo: 'PX to',
  spreadFrom: 'spread from',
  spreadTo: 'spread to',
  sizeFrom: 'size from',
  sizeTo: 'size to',
  rankFrom: 'rank from',
  rankTo: 'rank to',
  sort: 'by',
};

export function searchWords(search: ColorSearch): string {
  const words = Object.entries(search).map(([name, value]) => [names[name as keyof ColorSearch], value].filter((part) => part !== undefined).join(' '));
  return words.join(', ') || 'everything';
}

const spans = [
  ['day', 'from', 'to'],
  ['PX', 'pxFrom', 'pxTo'],
  ['spread', 'spreadFrom', 'spreadTo'],
  ['size', 'sizeFrom', 'sizeTo'],
  ['rank', 'rankFrom', 'rankTo'],
] as const;

/** What is said of ranges that end before they begin, which nothing can match. */
export function turnedRound(search: ColorSearch): string[] {
  return spans.flatMap(([what, first, last]) => {
    const [from, to] = [search[first], search[last]];
    return from !== undefined && to !== undefined && from > to ? [`Nothing can match: the ${what} is to be from ${from}, and to ${to}.`] : [];
  });
}
