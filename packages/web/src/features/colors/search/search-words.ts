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
