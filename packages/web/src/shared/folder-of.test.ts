import { expect, test } from 'vitest';
import { folderOf } from './folder-of.ts';

test.each([
  ['finance/', 'finance'],
  ['/Finance//EMIR', 'finance/emir'],
  ['fin ance', 'finance'],
  ['/', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is typed for the folder %j', (typed, folder) => {
  expect(folderOf(typed)).toBe(folder);
});
