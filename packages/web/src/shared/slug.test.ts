import { Slug } from '@tidewheel/contract/identifiers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slugOf } from './slug.ts';

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
