// An administrator changes what a role may do and the person in it sees other buttons; shares one flow; and both are told why not.
import * as routes from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let admin: Visitor;
let vera: Visitor;
const person = { email: 'vera@example.org', name: 'Vera', password: 'correct horse battery staple' };

beforeAll(async () => {
  if (!hasBrowser) return;
  product = await startWebProduct();
  admin = await product.signedIn();
  await product.client.call(routes.createRole, { body: { slug: 'looker', title: 'Looker', copyFrom: 'viewer' } });
  const { link } = await product.client.call(routes.inviteUser, { body: { email: person.email, role: 'looker' } });
  vera = await product.open();
  await vera.goto(new URL(link ?? '').pathname);
  for (const name of ['name', 'password'] as const) await vera.page.locator(`input[name=${name}]`).fill(person[name]);
  await vera.page.getByRole('button', { name: 'Make the account' }).click();
  await vera.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
});
afterAll(() => product?.stop());

const runButton = (visitor: Visitor) => visitor.page.getByRole('button', { name: 'Run', exact: true });

describe.skipIf(!hasBrowser)('who may do what', () => {
  test('a role is changed with conditions, after a look at what changes and whom it concerns', async () => {
    const { page, goto } = admin;
    await vera.goto('/flows/mifir-daily');
    await vera.page.getByText('Trades of the day').first().waitFor();
    expect(await runButton(vera).count()).toBe(0);
    await goto('/');
    await page.getByRole('link', { name: 'Roles and access' }).click();
    await page.getByRole('link', { name: 'Looker' }).click();
    await page.getByText('vera@example.org').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('region', { name: 'Rule 2' });
    await rule.getByRole('checkbox', { name: 'Run flows' }).check();
    await rule.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('menuitem', { name: 'Flow', exact: true }).click();
    const values = rule.getByRole('textbox', { name: 'Only where Flow is' }).or(rule.getByRole('combobox', { name: 'Only where Flow is' }));
    await values.first().fill('mifir-daily');
    await values.first().press('Enter');
    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('+ Allow: Run flows where flow is mifir-daily').waitFor();
    await dialog.getByText('vera@example.org').waitFor();
    await dialog.getByRole('button', { name: 'Save the role' }).click();
    await page.getByRole('region', { name: 'Rule 2' }).waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect(await product.client.call(routes.showRole, { params: { slug: 'looker' } })).toMatchObject({
      revision: 2,
      rules: [{}, { permissions: ['flow.run'], where: { flow: ['mifir-daily'] } }],
    });
    expect(admin.complaints).toEqual([]);
  });

  test('who is in it sees the button on that flow and on no other', async () => {
    await vera.goto('/flows/mifir-daily');
    await runButton(vera).waitFor();
    await vera.goto('/flows/flight-delays');
    await vera.page.getByRole('heading', { level: 1 }).filter({ hasText: 'Flight delays' }).waitFor();
    await vera.page.waitForLoadState('networkidle');
    expect(await runButton(vera).count()).toBe(0);
    expect(vera.complaints).toEqual([]);
  });

  test('one flow is shared until a day, seen in the dialog, and taken back', async () => {
    const { page, goto } = admin;
    await goto('/flows/flight-delays');
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('textbox', { name: 'With' })
      .or(dialog.getByRole('combobox', { name: 'With' }))
      .first()
      .fill(person.email);
    await dialog.getByLabel('Until').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10));
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('stands in for Ada');
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    await dialog.getByRole('button', { name: `Take back the grant of ${person.email}` }).waitFor();
    await vera.goto('/flows/flight-delays');
    await runButton(vera).waitFor();
    await dialog.getByRole('button', { name: `Take back the grant of ${person.email}` }).click();
    await page.getByRole('button', { name: 'Take it back' }).click();
    await dialog.getByRole('button', { name: `Take back the grant of ${person.email}` }).waitFor({ state: 'hidden' });
    await vera.page.reload();
    await vera.page.getByRole('heading', { level: 1 }).filter({ hasText: 'Flight delays' }).waitFor();
    await vera.page.waitForLoadState('networkidle');
    expect(await runButton(vera).count()).toBe(0);
  });

  test('a page that may not be opened says why, and who can give it', async () => {
    const { page, goto } = vera;
    await goto('/admin/mail');
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByText('says nothing about it').waitFor();
    await page.getByText('Roles that allow it: Admin.').waitFor();
  });

  test('who is away lends what the role gives, and duties are kept apart with a report', async () => {
    const { page, goto } = vera;
    await goto('/profile');
    await page.getByRole('link', { name: 'I am away' }).click();
    await page
      .getByRole('textbox', { name: 'Who does it for me' })
      .or(page.getByRole('combobox', { name: 'Who does it for me' }))
      .first()
      .fill('ada@example.org');
    await page.getByLabel('Until').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('textbox', { name: 'Reason' }).fill('on holiday');
    await page.getByRole('button', { name: 'Lend it' }).click();
    await page.getByRole('table', { name: 'Delegations' }).getByText('ada@example.org').waitFor();
    await admin.goto('/admin/grants');
    await admin.page.getByRole('table', { name: 'Delegations' }).getByText('vera@example.org').waitFor();
    await admin.goto('/admin/separation');
    await admin.page.getByRole('button', { name: 'Keep duties apart' }).first().click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Runs or looks');
    for (const [label, option] of [
      ['Whoever may do one of these', 'Run flows'],
      ['may do none of those', 'See and download artifacts'],
    ] as const) {
      await dialog
        .getByRole('textbox', { name: label })
        .or(dialog.getByRole('combobox', { name: label }))
        .first()
        .click();
      await admin.page.getByRole('option', { name: option }).click();
      await admin.page.keyboard.press('Tab');
    }
    await dialog.getByRole('button', { name: 'Keep them apart' }).click();
    await dialog.getByText('vera@example.org', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await admin.goto('/admin/access');
    await admin.page.getByRole('button', { name: 'Check' }).click();
    await admin.page.getByRole('region', { name: 'Answer' }).getByText('role Admin').waitFor();
    expect(admin.complaints).toEqual([]);
  });
});
