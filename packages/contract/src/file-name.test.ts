import { expect, it } from 'vitest';
import { fileNameFault } from './file-name.ts';

it.each(['a.csv', 'Über "uns" (1).txt', '.hidden', 'a..b', '日本語.xml', 'console.txt', 'com10.txt', 'nullable.csv', 'a'.repeat(255)])(
  '%j is a file name',
  (name) => {
    expect(fileNameFault(name)).toBeUndefined();
  },
);
it.each([
  '',
  '.',
  '..',
  '../a',
  'a/b',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'a\u0085b',
  '\ud800',
  'a\u202Eb',
  'a\u2066b',
  'CON',
  'con.txt',
  'Nul',
  'LPT1.csv',
  'com¹',
  'aux .txt',
  'a.',
  'a ',
  'a'.repeat(256),
  'ü'.repeat(128),
])('%j is none', (name) => {
  expect(fileNameFault(name)).toBeTypeOf('string');
});
