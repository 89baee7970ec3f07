import { expect, test } from 'vitest';
import { factsFrom, factText } from './fact-text.ts';

test('facts are lines of name and value, numbers and lists as they are meant', () => {
  expect(factsFrom('rack: B7\ncpus: 8\nmanaged: true\ndisks: ["sda","sdb"]\nurl: https://x:1\nzip: 01234\n\n')).toEqual({
    rack: 'B7',
    cpus: 8,
    managed: true,
    disks: ['sda', 'sdb'],
    url: 'https://x:1',
    zip: '01234',
  });
  expect(factsFrom('broken: [1,')).toEqual({ broken: '[1,' });
  expect(factText(factsFrom('rack: B7\ncpus: 8'))).toBe('rack: B7\ncpus: 8');
});
