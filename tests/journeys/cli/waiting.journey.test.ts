// What a run waits for, in a shell: signals, callbacks, and the decisions of people with a shell of their own each.
import { createClient } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import type { Approval, ApprovalSummary } from '@tidewheel/contract/routes/approvals';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { apply, type Product, start, startProduct, untilEnded } from '../bad-input/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

/** A shell of somebody else, signed in by a token of his. */
async function shellOf(name: string, role: string): Promise<{ shell: Shell; email: string }> {
  const { client, server } = product;
  const person = { email: `${name}@example.org`, name, password: 'two geese and a bicycle' };
  const { link } = await client.call(routes.inviteUser, { body: { email: person.email, role } });
  const open = createClient({ origin: server.origin });
  await open.call(routes.acceptLink, { params: { token: new URL(link ?? '').pathname.split('/').at(-1) ?? '' }, body: person });
  const { accessToken } = await open.call(routes.logIn, { body: { email: person.email, password: person.password } });
  return { email: person.email, shell: await openShell({ TIDEWHEEL_URL: server.origin, TIDEWHEEL_TOKEN: accessToken }) };
}
const waitsFor = (id: string, step: string) =>
  expect.poll(async () => (await product.client.call(routes.showRun, { params: { id } })).steps.find((one) => one.step === step)?.state).toBe('waiting');

test('a signal and a callback let a run go on; what comes early is kept', async () => {
  const { client, shell, server } = product;
  await apply(
    client,
    'flow: waits\ntitle: Waits\nsteps:\n  go: { use: flow.signal, with: { name: go } }\n  done: { use: flow.callback, after: go, with: { name: done } }\n',
  );
  const id = await start(client, 'waits');
  await waitsFor(id, 'go');
  const address = await shell.tidewheel(['run', 'callback', id, 'done']);
  expect(address).toMatchObject({ code: 0, stdout: expect.stringContaining('/api/callbacks/') });
  const called = await fetch(new URL(new URL(address.stdout.trim()).pathname, server.origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"rows": 1204}',
  });
  expect([called.status, await called.json()]).toEqual([202, { received: true }]);
  expect((await fetch(`${server.origin}/api/callbacks/bm90aGluZw/done`, { method: 'POST' })).status).toBe(404);
  expect(await shell.tidewheel(['run', 'signal', id, 'go', '--data', 'not json'])).toMatchObject({ code: 2 });
  expect(await shell.tidewheel(['run', 'signal', id, 'go', '--data', '{"by": "the desk"}'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('go goes on'),
  });
  const ended = await untilEnded(client, id);
  expect(ended.steps.map((step) => step.value)).toMatchObject([{ data: { by: 'the desk' } }, { data: { rows: 1204 } }]);
  expect(await shell.tidewheel(['run', 'signal', id, 'go'])).toMatchObject({ code: 6, stderr: expect.stringContaining('takes nothing any more') });
});

test('an approval by two people, each in a shell of their own; who started it is refused', async () => {
  const { client } = product;
  const [ada, ben, eve] = [await shellOf('ada', 'developer'), await shellOf('ben', 'operator'), await shellOf('eve', 'viewer')];
  await apply(
    client,
    `flow: signed
title: Signed
steps:
  amount: { use: flow.value, with: { value: '1250' } }
  sign:
    use: approval
    after: amount
    with:
      approvers: [role.operator, ${ada.email}, ${eve.email}]
      quorum: 2
      title: 'Pay {{ string(steps.amount.value) }}?'
      form: [{ name: reason, title: Reason, type: choice, choices: [regular, correction], required: true }]
`,
  );
  const started = await ada.shell.tidewheel(['run', 'start', 'signed', '--json']);
  const run = started.json<{ id: string }>().id;
  await waitsFor(run, 'sign');
  expect((await ada.shell.tidewheel(['approval', 'list', '--json'])).json<ApprovalSummary[]>()).toEqual([]);
  const [waiting] = (await ben.shell.tidewheel(['approval', 'list', '--json'])).json<ApprovalSummary[]>();
  const id = waiting?.id ?? '';
  expect(waiting).toMatchObject({ title: 'Pay 1250?', quorum: 2, approved: 0, startedBy: ada.email });
  const shown = await ben.shell.tidewheel(['approval', 'show', id]);
  expect(shown.stdout).toContain('amount: succeeded, 1250');
  const { hash } = (await ben.shell.tidewheel(['approval', 'show', id, '--json'])).json<Approval>();

  const decide = (who: { shell: Shell }, ...more: string[]) => who.shell.tidewheel(['approval', 'approve', id, '--hash', hash.slice(0, 12), ...more]);
  expect(await decide(ada, '-f', 'reason=regular')).toMatchObject({ code: 4, stderr: expect.stringContaining('You asked for it yourself') });
  expect(await decide(ben)).toMatchObject({ code: 2, stderr: expect.stringContaining('form.reason is required') });
  expect(await ben.shell.tidewheel(['approval', 'approve', id, '--hash', '00000000'])).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('not what you saw'),
  });
  expect(await decide(ben, '-f', 'reason=regular', '--comment', 'seen')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 of 2') });
  expect(await decide(ben, '-f', 'reason=regular')).toMatchObject({ code: 6 });
  expect((await ada.shell.tidewheel(['run', 'why', run])).stdout).toContain('1 of 2');
  expect(await decide(eve, '-f', 'reason=regular')).toMatchObject({ code: 0, stdout: expect.stringContaining('approved') });
  expect((await untilEnded(client, run)).steps.at(-1)?.value).toMatchObject({ by: [ben.email, eve.email], form: { reason: 'regular' } });
  const decided = (await ben.shell.tidewheel(['approval', 'list', '--state', 'decided', '--json'])).json<ApprovalSummary[]>();
  expect(decided[0]).toMatchObject({ id, outcome: 'approved', approved: 2 });

  const again = (await ada.shell.tidewheel(['run', 'start', 'signed', '--json'])).json<{ id: string }>().id;
  await waitsFor(again, 'sign');
  const [next] = (await eve.shell.tidewheel(['approval', 'list', '--json'])).json<ApprovalSummary[]>();
  const other = (await eve.shell.tidewheel(['approval', 'show', next?.id ?? '', '--json'])).json<Approval>();
  expect(other.hash).not.toBe(hash);
  expect(await eve.shell.tidewheel(['approval', 'reject', other.id, '--hash', other.hash, '--comment', 'twice'])).toMatchObject({ code: 0 });
  expect((await untilEnded(client, again)).steps.at(-1)?.error).toMatchObject({ code: 'approval.rejected', message: expect.stringContaining('twice') });
});
