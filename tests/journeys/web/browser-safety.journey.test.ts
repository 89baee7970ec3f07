// What the browser keeps and shows of a person's work: only while that person is signed in.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;

beforeAll(async () => {
  if (!hasBrowser) return;
  product = await startWebProduct();
  visitor = await product.signedIn();
});
afterAll(() => product?.stop());

describe.skipIf(!hasBrowser)('the browser', () => {
  test('fields of passwords are masked, take what is pasted, and tell a password manager what they are', async () => {
    const { page, goto } = await product.open();
    await goto('/sign-in');
    const field = page.locator('input[name=password]');
    expect(await field.getAttribute('type')).toBe('password');
    expect(await field.getAttribute('autocomplete')).toBe('current-password');
    await field.focus();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'pasted');
      return document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await page.keyboard.insertText('pasted from a manager');
    expect(await field.inputValue()).toContain('pasted from a manager');
    await page.context().close();
  });

  test('signing out is one step away on every page', async () => {
    const { page, goto } = visitor;
    for (const address of ['/', '/flows', '/runs', '/admin/users', '/profile']) {
      await goto(address);
      await page.getByRole('button', { name: 'My menu' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
      await page.keyboard.press('Escape');
    }
  });

  test('nothing that an answer holds is kept by the cache, nor in the storage of the browser', async () => {
    const { page, goto } = visitor;
    const kept: string[] = [];
    page.on('response', (answer) => {
      const { pathname } = new URL(answer.url());
      if (pathname.startsWith('/api/') && answer.headers()['cache-control'] !== 'no-store') kept.push(pathname);
    });
    for (const address of ['/', '/flows', '/connections', '/admin/users', '/admin/audit', '/profile']) await goto(address);
    expect(kept).toEqual([]);
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain(administrator.email);
    expect(stored).not.toMatch(/tw_|eyJ/);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  });

  test('a page that nobody is at says so, and shows the sign-in page when its session has ended', async () => {
    const { page, goto, context } = await product.open({ storageState: await visitor.context.storageState() });
    await page.clock.install();
    await goto('/files');
    await page.getByText('No files yet').waitFor();
    const heard = { alone: 0, attended: 0 };
    page.on('request', (request) => {
      if (!request.url().endsWith('/api/auth/me')) return;
      heard[request.headers()['tidewheel-unattended'] === undefined ? 'attended' : 'alone'] += 1;
    });
    // While a question is on its way no second one is sent: the clock goes on until one was.
    const later = async (who: keyof typeof heard) => {
      await page.clock.runFor(61_000);
      return heard[who];
    };
    await expect.poll(() => later('alone'), { interval: 500 }).toBeGreaterThan(0);
    heard.attended = 0;
    const sheMoves = async () => {
      await page.mouse.move(300 + heard.attended, 300);
      await page.mouse.move(310 + heard.attended, 310);
      await page.clock.runFor(50_000);
      return heard.attended;
    };
    await expect.poll(sheMoves, { interval: 500 }).toBeGreaterThan(0);
    await context.clearCookies();
    const aMinuteLater = async () => {
      await page.clock.runFor(61_000);
      return page.getByRole('heading', { name: 'Sign in' }).isVisible();
    };
    await expect.poll(aMinuteLater, { interval: 500 }).toBe(true);
    await context.close();
  });

  test('after signing out nothing is left on the page, in the storage or behind the back button', async () => {
    const { page, goto } = visitor;
    await goto('/admin/users');
    await page.getByText(administrator.email).first().waitFor();
    await page.getByRole('button', { name: 'My menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    await expect.poll(() => page.content()).not.toContain(administrator.email);
    await page.goBack();
    await page.waitForURL(/\/sign-in/);
    await expect.poll(() => page.content()).not.toContain(administrator.email);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(administrator.email);
  });
});
