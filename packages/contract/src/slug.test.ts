import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slug } from './identifiers.ts';
import { fileSlugOf, slugOf } from './slug.ts';

test.each([
  ['Regulator inbox (SFTP)', 'regulator-inbox-sftp'],
  ['  Börse  Köln ', 'borse-koln'],
  ['auth.016.001.01.xsd', 'auth-016-001-01-xsd'],
  ['!!!', ''],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('%s is named %s', (title, slug) => expect(slugOf(title)).toBe(slug));
test('whatever the title, the name is empty or one that the server takes', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (title) => slugOf(title) === '' || Slug.safeParse(slugOf(title)).success));
});

test.each([
  ['auth.016.001.01.xsd', 'auth-016-001-01'],
  ['auth.016.001.01', 'auth-016-001-01'],
  ['Länder (neu).CSV', 'lander-neu'],
  ['Venues 2021.csv', 'venues-2021'],
  ['old.7z', 'old'],
  ['README', 'readme'],
  ['.env', 'env'],
  ['日本.csv', 'file'],
])('the file %s is named %s', (name, slug) => expect(fileSlugOf(name)).toBe(slug));
test('whatever the name of a file, the server takes the slug', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 255 }), (name) => Slug.safeParse(fileSlugOf(name)).success));
});
