import { InvalidInput, NotAllowed } from '@tidewheel/contract/errors';
import { expect, test } from 'vitest';
import { failureLines } from './failure.ts';

test('one fault alone is told once', () => {
  const reason = { path: 'reason', message: 'must have at least 3 characters', severity: 'error' };
  const one = new InvalidInput('request.invalid', 'reason: must have at least 3 characters', { details: { faults: [reason] } });
  expect(failureLines(one)).toHaveLength(1);
  const two = new InvalidInput('request.invalid', 'Two faults', { details: { faults: [reason, { ...reason, path: 'title' }] } });
  expect(failureLines(two).slice(1)).toEqual(['  reason: must have at least 3 characters', '  title: must have at least 3 characters']);
});

test('a missing permission names the command that says why', () => {
  const refused = (details: Record<string, unknown>) => failureLines(new NotAllowed('permission.missing', 'You need it.', { details })).at(-1);
  expect(refused({ permission: 'user.edit' })).toMatch(/tidewheel access why user\.edit$/);
  expect(refused({ permission: 'flow.run', object: { flow: 'payroll', folder: null } })).toMatch(/access why flow\.run --on flow:payroll$/);
  expect(refused({ permission: 'run.cancel', object: { flow: 'payroll' } })).toMatch(/access why run\.cancel --on flow:payroll$/);
});
