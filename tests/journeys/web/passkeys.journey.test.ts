// Passkeys with Chromium's virtual authenticator, and a code by mail: in a real browser, at http://localhost, for passkeys answer to no IP address.
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SmtpHost, startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let smtp: SmtpHost;
let visitor: Visitor;
let page: Page;
let device: CDPSession;
let authenticatorId = '';

const at = (path: string) => product.server.origin.replace('127.0.0.1', 'localhost') + path;
const go = (path: string, where = page) => where.goto(at(path));

async function plugIn(where: Page): Promise<{ session: CDPSession; id: string }> {
  const session = await where.context().newCDPSession(where);
  await session.send('WebAuthn.enable');
  const options = { protocol: 'ctap2' as const, transport: 'internal' as const, hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const added = await session.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
  return { session, id: added.authenticatorId };
}

async function typePassword(): Promise<void> {
  await page.getByLabel('E-mail').fill(administrator.email);
  await page.locator('input[name=password]').fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(): Promise<void> {
  await page.context().clearCookies();
  await go('/sign-in');
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
}

/**
 * Whether the browser offers passkeys in the e-mail field. The virtual device takes an offer at once, before any button can be clicked, and one
 * that is plugged in later answers nothing that was asked before: where a button is meant, the browser is one that makes no offers.
 */
const offers = (are: boolean) => page.evaluate(`window.name = '${are ? '' : 'no offers'}'`);
const withoutOffers = "if (window.name === 'no offers') PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)";

const home = () => page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
const credentials = async () => (await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
const setPresence = (enabled: boolean) => device.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });

describe.skipIf(!hasBrowser)('passkeys and codes by mail', () => {
  beforeAll(async () => {
    smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
    product = await startWebProduct();
    await (await product.signedIn()).context.close();
    visitor = await product.open();
    page = visitor.page;
    await page.addInitScript(withoutOffers);
  });
  afterAll(async () => {
    await product?.stop();
    await smtp?.close();
  });

  test('at an IP address the page says where passkeys work', async () => {
    await visitor.goto('/sign-in');
    await page.getByText('They work at').waitFor();
    expect(await page.getByRole('link', { name: at('') }).getAttribute('href')).toBe(at('/sign-in'));
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
  });

  test('one is made on the profile page, with recovery codes', async () => {
    ({ session: device, id: authenticatorId } = await plugIn(page));
    await setPresence(false);
    await go('/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await typePassword();
    await home();
    await setPresence(true);
    await go('/profile');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Journey laptop');
    await dialog.getByRole('button', { name: 'Make the passkey' }).click();
    await dialog.getByRole('list', { name: 'Recovery codes' }).waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(10);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Journey laptop' }).waitFor();
    expect(await credentials()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);
  });

  test('the same device makes no second one', async () => {
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the passkey' }).click();
    await dialog.getByText('has a passkey of yours for this site already').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await credentials()).toHaveLength(1);
  });

  test('it signs in without a password', async () => {
    await offers(false);
    await signOut();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await home();
    await go('/profile');
    await page.getByRole('listitem').filter({ hasText: 'Journey laptop' }).waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Journey laptop' }).textContent()).toContain('last used');
  });

  test('the browser offers it in the e-mail field', async () => {
    await offers(true);
    await page.context().clearCookies();
    // Chromium's virtual authenticator takes the offer by itself, as a person who picks it.
    await go('/sign-in');
    await home();
  });

  test('after the password it is asked for, and the password alone opens nothing', async () => {
    await offers(false);
    await signOut();
    await typePassword();
    await page.getByRole('button', { name: 'Use a recovery code' }).waitFor();
    await page.getByRole('button', { name: 'Use my passkey' }).click();
    await home();
  });

  test('a code by mail is switched on and signs in', async () => {
    const server = { host: '127.0.0.1', port: smtp.port, security: 'none' as const, from: 'tidewheel@example.org' };
    const call = (method: string, path: string, body?: unknown) =>
      page.evaluate(
        async ([verb, address, text]) =>
          (await fetch(address ?? '', { method: verb ?? '', body: text ?? null, headers: { 'content-type': 'application/json' } })).status,
        [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
      );
    expect(await call('PUT', '/api/mail/settings', server)).toBe(200);
    expect(await call('POST', '/api/auth/email-verification')).toBe(202);
    await expect.poll(() => smtp.mails.length).toBe(1);
    const link =
      (smtp.mails[0] ?? '')
        .replace(/=\r\n/g, '')
        .replace(/=3D/g, '=')
        .match(/\/account-link\/\S+/)?.[0] ?? '';
    await go(link);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('is confirmed').waitFor();

    await go('/profile');
    await page.getByRole('button', { name: 'Switch them on' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch them on' }).click();
    await page.getByRole('button', { name: 'Switch them off' }).waitFor();

    await signOut();
    await typePassword();
    await page.getByRole('button', { name: 'Get a code by mail' }).click();
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    const field = page.getByLabel('Code from the mail');
    await field.waitFor();
    await page.getByText('a•••@example.org').waitFor();
    await expect.poll(() => smtp.mails.length).toBe(2);
    const code = smtp.mails[1]?.match(/^(\d{6})\r?$/m)?.[1] ?? '';
    await field.fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This code is wrong').waitFor();
    await field.fill(code);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await home();
  });

  test('it is removed, and signs in no more', async () => {
    await go('/profile');
    await page.getByRole('button', { name: 'Remove Journey laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Journey laptop' }).waitFor({ state: 'detached' });
    await signOut();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('This passkey was not accepted').first().waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
