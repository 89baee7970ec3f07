import { runStep } from '@tidewheel/kit/harness';
import { expect, test } from 'vitest';
import { approval } from './approval.step.ts';

test('it waits for those who are named, once each, whatever the case of their address', async () => {
  await using outcome = await runStep(approval, { approvers: 'role.compliance, Ada@Example.org ada@example.org', quorum: 2, expires: '8h' });
  expect(outcome.result.wait).toMatchObject({
    kind: 'approval',
    reason: 'waits for 2 approvals of role.compliance or ada@example.org',
    until: expect.any(Date),
    approval: { title: 'harness: subject', approvers: ['role.compliance', 'ada@example.org'], quorum: 2, rejectEnds: true, form: [] },
  });
});

test('what cannot be asked, a quorum of more than are named, and a form that contradicts itself are named', async () => {
  const faultsOf = (config: Parameters<typeof runStep<typeof approval.config>>[1]) =>
    runStep(approval, config).then(
      () => null,
      (error: Error) => error.message,
    );
  expect(await faultsOf({ approvers: ['compliance'] })).toBe('approvers: "compliance" is neither an e-mail address nor role.<name>');
  expect(await faultsOf({ approvers: ' , ' })).toBe('approvers: names nobody');
  expect(await faultsOf({ approvers: ['ada@example.org'], quorum: 2 })).toBe('quorum: needs 2 people, but only 1 are named');
  const field = { name: 'reason', title: 'Reason' };
  expect(await faultsOf({ approvers: 'role.a', form: [field, { ...field, type: 'choice' }] })).toBe(
    'form.1.name: there is a field "reason" already; form.1.choices: belongs to a field of the type choice, which needs it',
  );
});

test('in a dry run nobody is asked', async () => {
  const config = approval.config.parse({ approvers: 'role.compliance' });
  const logged: string[] = [];
  const ctx = { now: new Date('2026-11-20T12:00:00.000Z'), log: { info: (text: string) => void logged.push(text) } };
  expect(await approval.dryRun?.(config, ctx as never)).toMatchObject({ value: { by: [] } });
  expect(logged).toEqual(['dry run: the approval of role.compliance would be waited for']);
});

test('a rejection says who and why; time over is another thing; an approval hands on who it was', async () => {
  const config = approval.config.parse({ approvers: 'role.compliance', expires: '8h' });
  const wake = (by: 'time' | 'answer', answer: unknown) => ({ by, answer, who: 'ada@example.org', at: new Date('2026-11-20T12:00:00.000Z'), data: {} });
  const resume = async (by: 'time' | 'answer', answer: unknown) => approval.resume?.(config, {} as never, wake(by, answer));
  const vote = { by: 'ben@example.org', onBehalfOf: 'ada@example.org', comment: 'the dates are wrong', at: '2026-11-20T12:00:00.000Z' };
  await expect(resume('time', null)).rejects.toMatchObject({ code: 'approval.expired', message: 'nobody decided within 8h' });
  await expect(resume('answer', { decision: 'rejected', form: {}, votes: [{ ...vote, decision: 'reject' }] })).rejects.toMatchObject({
    code: 'approval.rejected',
    message: 'it was rejected by ben@example.org for ada@example.org: the dates are wrong',
  });
  expect(await resume('answer', { decision: 'approved', form: { reason: 'regular' }, votes: [{ ...vote, decision: 'approve' }] })).toEqual({
    value: { by: ['ben@example.org'], comments: ['the dates are wrong'], form: { reason: 'regular' }, at: '2026-11-20T12:00:00.000Z' },
  });
});
