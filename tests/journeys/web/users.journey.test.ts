// An administrator looks after one user in the browser; a person changes name and address.
import { createClient } from '@tidewheel/client/client';
import { acceptLink, createToken, inviteUser, listUsers, logIn, removeMailSettings, updateMailSettings } from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
const grace = { email: 'grace@example.org', name: 'Grace', password: 'nine otters and a lantern' };
const screens = process.env['TIDEWHEEL_SCREENS'];

/** For those who want to look: TIDEWHEEL_SCREENS names a folder. */
async function shoot({ page }: Visitor, name: string): Promise<void> {
  if (screens) await page.screenshot({ path: `${screens}/${name}.png`, fullPage: true });
}
async function makeGrace(): Promise<string> {
  const { link } = await product.client.call(inviteUser, { body: { email: grace.email, role: 'operator' } });
  const token = new URL(link ?? '').pathname.split('/').at(-1) ?? '';
  const { id } = await createClient({ origin: product.server.origin }).call(acceptLink, { params: { token }, body: grace });
  return id;
}

describe.runIf(hasBrowser)('users in the browser', () => {
  beforeAll(async () => {
    product = await startWebProduct();
  });
  afterAll(() => product?.stop());

  test('from the list to one user: rename, take a token and a session away, suspend, restore, delete', async () => {
    const id = await makeGrace();
    const { accessToken } = await createClient({ origin: product.server.origin }).call(logIn, { body: { email: grace.email, password: grace.password } });
    await createClient({ origin: product.server.origin, token: accessToken }).call(createToken, { body: { title: 'nightly', days: 5 } });
    const admin = await product.signedIn();
    const { page } = admin;
    await admin.goto('/admin/users');
    await page.getByRole('link', { name: 'Grace' }).click();
    await page.getByRole('heading', { name: 'Grace', level: 1 }).waitFor();
    await page.getByRole('cell', { name: 'nightly', exact: true }).waitFor();
    await shoot(admin, 'user-light');
    await page.getByRole('button', { name: 'Change name' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Grace Hopper');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Grace Hopper', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Revoke nightly' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText('No API tokens').waitFor();
    await page.getByText('Program:').waitFor();
    await page
      .getByRole('row', { name: /Program:/ })
      .getByRole('button', { name: 'End' })
      .click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Program:').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByText('The user cannot sign in').waitFor();
    await shoot(admin, 'user-suspended');
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Suspend' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await shoot(admin, 'user-delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await page.getByText('grace@example.org').waitFor({ state: 'hidden' });
    expect((await product.client.call(listUsers)).some((user) => user.id === id)).toBe(false);
    await admin.goto(`/admin/users/${id}`);
    await page.getByText('There is no such user').waitFor();
    expect(admin.complaints).toEqual([]);
  });

  test('nobody can shut himself out: his own page has no such button', async () => {
    const admin = await product.signedIn({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    const me = (await product.client.call(listUsers)).find((user) => user.email === 'ada@example.org');
    await admin.goto(`/admin/users/${me?.id}`);
    await admin.page.getByText('(this one)').waitFor();
    await shoot(admin, 'user-phone-dark');
    expect(await admin.page.getByRole('button', { name: 'Suspend' }).count()).toBe(0);
    expect(await admin.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
  });

  test('I change my name, and my address by the link mailed to the new one', async () => {
    const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await makeGrace();
    await product.client.call(updateMailSettings, { body: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'tidewheel@example.org' } });
    const visitor = await product.open();
    const { page } = visitor;
    await visitor.goto('/sign-in');
    await page.getByLabel('E-mail').fill(grace.email);
    await page.locator('input[name=password]').fill(grace.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor();
    await visitor.goto('/profile');
    await page.getByRole('button', { name: 'Change my name' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Rear Admiral');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('definition').filter({ hasText: 'Rear Admiral' }).waitFor();
    await shoot(visitor, 'profile');
    await page.getByRole('button', { name: 'Change my e-mail address' }).click();
    await page.getByLabel('New address').fill('hopper@example.org');
    await page.getByLabel('Your password').fill('not this one');
    await page.getByRole('dialog').getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByText('Your present password is another one').first().waitFor();
    await page.getByLabel('Your password').fill(grace.password);
    await shoot(visitor, 'profile-email');
    await page.getByRole('dialog').getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByText('A link is on its way to hopper@example.org').waitFor();
    const linkIn = () => smtp.mails.map((mail) => /\/account-link\/[\w-]+/.exec(mail.replace(/=\r\n/g, ''))?.[0]).find((found) => found !== undefined);
    await expect.poll(linkIn).toBeDefined();
    await visitor.goto(linkIn() ?? '');
    await page.getByText('Shall your account go by hopper@example.org?').waitFor();
    await shoot(visitor, 'confirm-email');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You sign in with hopper@example.org from now on.').waitFor();
    await visitor.goto('/profile');
    await page.getByRole('definition').filter({ hasText: 'hopper@example.org' }).waitFor();
    await product.client.call(removeMailSettings);
    await smtp.close();
    expect(visitor.complaints).toEqual([]);
  });
});
