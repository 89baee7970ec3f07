// Mail is set up, a password is forgotten and reset by mail, and a second factor guards an account: in a real browser, with a real mail server.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stepAt, totpCode } from '../../../packages/server/src/platform/identity/totp.ts';
import { type SmtpHost, startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let smtp: SmtpHost;
let visitor: Visitor;
let page: Page;

const newPassword = 'seven otters and a chair';
let secret = '';
let recoveryCode = '';

/** Of the half minute after `stepsAway`, as an authenticator app shows it. */
function code(stepsAway = 0): string {
  const bits = [...secret].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return totpCode({ secret: bytes, step: stepAt(new Date()) + stepsAway });
}

async function mailedLink(count: number): Promise<string> {
  await expect.poll(() => smtp.mails.length).toBe(count);
  const text = (smtp.mails.at(-1) ?? '').replace(/=\r\n/g, '').replace(/=3D/g, '=');
  return text.match(/http:\/\/\S+/)?.[0] ?? '';
}

async function signIn(guest: Page, password: string): Promise<void> {
  await guest.getByLabel('E-mail').fill(administrator.email);
  await guest.locator('input[name=password]').fill(password);
  await guest.getByRole('button', { name: 'Sign in', exact: true }).click();
}

describe.skipIf(!hasBrowser)('mail and sign-in', () => {
  beforeAll(async () => {
    smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
    product = await startWebProduct();
    visitor = await product.signedIn();
    page = visitor.page;
  });
  afterAll(async () => {
    await product?.stop();
    await smtp?.close();
  });

  test('the mail server is set and tested', async () => {
    await visitor.goto('/admin/mail');
    await page.getByText('Mail is not configured').waitFor();
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByRole('combobox', { name: 'Encryption' }).click();
    await page.getByRole('option', { name: /relay on this machine/ }).click();
    await page.getByLabel('Port').fill(String(smtp.port));
    await page.getByRole('textbox', { name: 'From', exact: true }).fill('tidewheel@example.org');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByLabel('Send a test mail to').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('status').filter({ hasText: '250' }).waitFor();
    expect(smtp.mails[0]).toContain(`To: ${administrator.email}`);
  });

  test('the own address is confirmed by a mailed link', async () => {
    await visitor.goto('/profile');
    await page.getByText('Your address is not confirmed').waitFor();
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await visitor.goto(await mailedLink(2));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText(`${administrator.email} is confirmed.`).waitFor();
    await visitor.goto('/profile');
    await page.getByRole('heading', { name: 'Security' }).waitFor();
    expect(await page.getByText('Your address is not confirmed').count()).toBe(0);
  });

  test('a forgotten password is reset by mail, which ends the session here', async () => {
    const guest = await product.open();
    await guest.goto('/sign-in');
    await guest.page.getByRole('link', { name: 'Forgotten password' }).click();
    // The page before has a field of the same name.
    await guest.page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
    await guest.page.getByLabel('E-mail').fill(administrator.email);
    await guest.page.getByRole('button', { name: 'Mail me a link' }).click();
    await guest.page.getByText('a link is on its way').waitFor();
    await guest.goto(await mailedLink(3));
    const field = guest.page.getByLabel(`New password of ${administrator.email}`);
    await field.fill('Password-2026!');
    await guest.page.getByRole('button', { name: 'Set the password' }).click();
    await guest.page.getByText('attackers try').first().waitFor();
    await field.fill(newPassword);
    await guest.page.getByRole('button', { name: 'Set the password' }).click();
    await guest.page.getByText('The new password is set').waitFor();
    await visitor.goto('/runs');
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
    await signIn(page, newPassword);
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await guest.context.close();
  });

  test('a second factor is set up with a QR code and asked for from then on', async () => {
    await visitor.goto('/profile');
    await page.getByRole('button', { name: 'Set it up' }).click();
    const dialog = page.getByRole('dialog');
    // Signed in a moment ago: the password is not asked for again.
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByRole('img', { name: /QR code/ }).waitFor();
    secret = await dialog.getByLabel('the secret', { exact: true }).inputValue();
    await dialog.getByLabel('Code of the app').fill(code());
    await dialog.getByRole('button', { name: 'Switch it on' }).click();
    recoveryCode = (await dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').first().textContent()) ?? '';
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 of your recovery codes are left').waitFor();
    expect(await page.content()).not.toContain(recoveryCode);

    // The code of the half minute to come: that of this one is used up, and a slow machine may be there already.
    for (const answer of [() => code(1), () => recoveryCode]) {
      const guest = await product.open();
      await guest.goto('/sign-in');
      await signIn(guest.page, newPassword);
      await guest.page.getByLabel('Code of your second factor').fill(answer());
      await guest.page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await guest.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
      await guest.context.close();
    }
  });

  test('an administrator invites by mail and sees what became of it', async () => {
    await visitor.goto('/admin/users');
    await page.getByRole('button', { name: 'Invite a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill('grace@example.org');
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog.getByText('A mail with a link is on its way to').waitFor();
    expect(await mailedLink(4)).toContain('/welcome/');
    await visitor.goto('/admin/mail');
    await page
      .getByRole('row', { name: /Your invitation to Tidewheel/ })
      .getByText('Sent')
      .waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
