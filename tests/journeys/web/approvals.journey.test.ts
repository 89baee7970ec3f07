// A run asks for an approval: its page leads there, who started it is refused, and somebody else decides on what he sees. A signal and a callback beside it.

import { createClient } from '@tidewheel/client/client';
import { acceptLink, applyFlow, inviteUser, showRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
const shots = process.env['TIDEWHEEL_SHOTS'];
const grace = { email: 'grace@example.org', name: 'Grace Hopper', password: 'two geese and a bicycle' };
const source = `flow: pay
title: Payments of the day
steps:
  rows: { use: report.text, with: { fileName: payments.txt, template: 'three payments, 1250 EUR' } }
  amount: { use: flow.value, after: rows, with: { value: '{"EUR": 1250, "payments": 3}' } }
  sign:
    use: approval
    after: amount
    with:
      approvers: [role.operator, ${administrator.email}]
      title: Release the payments?
      description: Compare the sum with the ledger.
      expires: 8h
      form: [{ name: reason, title: Reason, type: choice, choices: [regular, correction], required: true }]
  go: { use: flow.signal, after: sign, with: { name: released } }
  bank: { use: flow.callback, after: go, with: { name: done } }
`;

async function visitorOf(person: typeof grace, role: string): Promise<Visitor> {
  const { link } = await product.client.call(inviteUser, { body: { email: person.email, role } });
  const token = new URL(link ?? '').pathname.split('/').at(-1) ?? '';
  await createClient({ origin: product.server.origin }).call(acceptLink, { params: { token }, body: person });
  const visitor = await product.open();
  await visitor.goto('/sign-in');
  await visitor.page.getByLabel('E-mail').fill(person.email);
  await visitor.page.locator('input[name=password]').fill(person.password);
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await visitor.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  return visitor;
}

describe.skipIf(!hasBrowser)('approvals', () => {
  beforeAll(async () => {
    product = await startWebProduct();
  });
  afterAll(() => product?.stop());

  test('who started it is refused; who is asked sees what it is about and decides; a signal and a callback follow', async () => {
    const { client } = product;
    const ada = await product.signedIn();
    const visitor = await visitorOf(grace, 'operator');
    const shot = async ({ page }: Visitor, name: string) => {
      if (!shots) return;
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.screenshot({ path: `${shots}/${name}-${scheme}.png`, fullPage: true });
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `${shots}/${name}-390.png`, fullPage: true });
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: 'light' });
    };
    await client.call(applyFlow, { body: { source } });
    await ada.goto('/flows/pay?run=true');
    await ada.page.getByRole('button', { name: 'Start the run' }).click();
    await ada.page.waitForURL(/\/runs\//);
    const run = new URL(ada.page.url()).pathname.split('/').at(-1) ?? '';
    await vi.waitUntil(async () => (await client.call(showRun, { params: { id: run } })).steps.some((step) => step.wait?.kind === 'approval'), {
      timeout: 90_000,
      interval: 200,
    });
    await ada.goto(`/runs/${run}?step=sign`);
    await ada.page.getByText('It waits for the approval of role.operator').first().waitFor();
    await shot(ada, 'run-waits');
    await ada.page.getByRole('link', { name: 'Open the approval' }).click();
    await ada.page.getByText('You asked for it yourself').waitFor();
    await ada.goto('/approvals');
    await ada.page.getByText('Nothing waits for you').waitFor();
    await shot(ada, 'approvals-empty');

    const { page } = visitor;
    await visitor.goto('/approvals');
    await page.getByRole('link', { name: /Approvals.*1.*waiting for you/ }).waitFor();
    await shot(visitor, 'approvals-mine');
    await page.getByRole('link', { name: 'Notifications, 1 not read' }).click();
    await page.getByRole('link', { name: /waits for an approval/ }).click();
    await page.getByRole('heading', { name: 'Release the payments?', level: 1 }).waitFor();
    await visitor.goto('/approvals');
    await page.getByRole('link', { name: 'Release the payments?' }).click();
    await page.getByText('Compare the sum with the ledger.').waitFor();
    await page.getByText('payments.txt').waitFor();
    await page.getByText('"EUR": 1250').waitFor();
    await shot(visitor, 'approval');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('is required', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'correction' }).click();
    await page.getByLabel('Comment').fill('compared with the ledger');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('1 of 1 approved').waitFor();
    await page.getByText('It is decided, or over.').waitFor();
    await shot(visitor, 'approval-decided');
    await visitor.goto('/approvals?state=decided');
    await page.getByText('Approved', { exact: true }).first().waitFor();

    await visitor.goto(`/runs/${run}?step=go`);
    await page.getByRole('button', { name: 'Send signal' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Data').fill('not json');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('This is not valid JSON').waitFor();
    await dialog.getByLabel('Data').fill('{"by": "the desk"}');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await visitor.goto(`/runs/${run}?step=bank`);
    const address = await page.locator('code', { hasText: '/api/callbacks/' }).textContent();
    await shot(visitor, 'run-callback');
    expect((await fetch(new URL(new URL(address ?? '').pathname, product.server.origin), { method: 'POST' })).status).toBe(202);
    await vi.waitUntil(async () => isFinal((await client.call(showRun, { params: { id: run } })).state), { timeout: 90_000, interval: 200 });
    const ended = await client.call(showRun, { params: { id: run } });
    expect(ended.steps.map((step) => step.value)).toMatchObject([
      { characters: 24 },
      { EUR: 1250 },
      { by: [grace.email], comments: ['compared with the ledger'], form: { reason: 'correction' } },
      { data: { by: 'the desk' }, by: grace.email },
      { data: null },
    ]);
    expect([...ada.complaints, ...visitor.complaints.filter((one) => !one.includes('400'))]).toEqual([]);
  });

  test('what a mail leads to asks for a sign-in first', async () => {
    const stranger = await product.open();
    await stranger.goto('/w/main/approvals/01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b');
    await stranger.page.getByLabel('E-mail').waitFor();
  });
});
