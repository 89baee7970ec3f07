import { expect, test } from 'vitest';
import { validationText } from './artifact-validation.ts';

test('says against which schemas a report was checked, or that it was not', () => {
  const schemas = [{ slug: 'auth-016' }, { slug: 'head-001' }];
  expect(validationText({ validation: { result: 'valid', by: 'xmllint', schemas, notCovered: [] } })).toBe('Checked against auth-016, head-001: valid');
  expect(validationText({ validation: { result: 'valid', schemas: [{ slug: 'auth-016' }], notCovered: ['head.001', 'head.003'] } })).toBe(
    'Checked against auth-016: valid; not covered: head.001, head.003',
  );
  expect(validationText({ validation: { result: 'not validated' } })).toContain('Not checked');
});

test('says nothing of other artifacts', () => {
  for (const metadata of [null, undefined, {}, { rows: 3 }, { validation: 'odd' }]) expect(validationText(metadata)).toBeNull();
});
