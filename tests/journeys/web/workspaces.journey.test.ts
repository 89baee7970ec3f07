// Two workspaces in one browser: the address says which, lists follow, and a link into one that is not yours explains itself.
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator, hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
beforeAll(async () => {
  if (hasBrowser) product = await startWebProduct();
});
afterAll(() => product?.stop());

/** For looking at by hand: a folder in TIDEWHEEL_SCREENS. */
const screens = process.env['TIDEWHEEL_SCREENS'];

describe.skipIf(!hasBrowser)('workspaces', () => {
  test('are made, entered by a link, and each shows its own', async () => {
    const { page, goto, complaints } = await product.signedIn();
    const shot = async (name: string) => {
      if (screens === undefined) return;
      await mkdir(screens, { recursive: true });
      for (const [mode, width, height] of [
        ['light', 1440, 900],
        ['dark', 390, 844],
      ] as const) {
        await page.emulateMedia({ colorScheme: mode });
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(500);
        await page.screenshot({ path: `${screens}/${name}-${mode}-${width}.png` });
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1440, height: 900 });
    };
    await goto('/admin/workspaces');
    // With one workspace there is nothing to choose, and addresses are short.
    await page.getByRole('heading', { name: 'Members of Main' }).waitFor();
    expect(await page.getByRole('button', { name: /switch$/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByLabel('Title').fill('Treasury');
    expect(await page.getByLabel('Name in addresses').inputValue()).toBe('treasury');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('link', { name: 'Treasury' }).waitFor();
    await page.getByRole('button', { name: 'Workspace Main; switch' }).waitFor();
    await shot('workspaces');

    await goto('/connections');
    await page.waitForURL('**/w/main/connections');
    await page.getByRole('button', { name: 'Workspace Main; switch' }).click();
    await page.getByRole('menuitem', { name: 'Treasury' }).click();
    await page.waitForURL('**/w/treasury/');
    await page.getByRole('button', { name: 'Workspace Treasury; switch' }).waitFor();
    await page.getByRole('link', { name: 'Flows' }).first().click();
    await page.waitForURL('**/w/treasury/flows');
    await page
      .getByText(/no flows/i)
      .first()
      .waitFor();
    await shot('empty-workspace');
    // The other one in a second tab of the same browser, at the same time.
    const beside = await page.context().newPage();
    await beside.goto(`${product.server.origin}/w/main/flows`);
    await beside
      .getByRole('link', { name: /Flight delays|First pipeline|./ })
      .first()
      .waitFor();
    await beside.getByRole('button', { name: 'Workspace Main; switch' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Workspace Treasury; switch' }).waitFor();
    await beside.close();

    // A new name: the old link leads on.
    await goto('/w/main/admin/workspaces');
    await page.getByRole('button', { name: 'Rename Treasury' }).click();
    await page.getByLabel('Name in addresses').fill('funding');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByText('funding', { exact: true }).waitFor();
    await goto('/w/treasury/flows');
    await page.waitForURL('**/w/funding/flows');

    await goto('/w/nowhere/runs');
    await page.getByRole('heading', { name: 'This is in another workspace' }).waitFor();
    await shot('no-workspace');
    await page.getByRole('link', { name: 'Main', exact: true }).click();
    await page.waitForURL('**/w/main/');
    await goto('/w/main/admin/workspaces');
    await page.getByRole('button', { name: 'Archive Treasury' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByText('Archived').waitFor();
    await goto('/w/funding/flows');
    await page.getByRole('heading', { name: 'This workspace is archived' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a link into a workspace of others is explained after signing in, too', async () => {
    const { page, goto } = await product.open();
    await goto('/w/nowhere/flows/secret');
    await page.getByLabel('E-mail').fill(administrator.email);
    await page.locator('input[name=password]').fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'This is in another workspace' }).waitFor();
  });

  test('a service account gets a key that is shown once, is rotated, and goes', async () => {
    const { page, goto, complaints } = await product.signedIn();
    await goto('/w/main/admin/service-accounts');
    await page.getByRole('button', { name: 'New service account' }).click();
    await page.getByLabel('Title').fill('Nightly loads');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.waitForURL('**/admin/service-accounts/nightly-loads');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Where it is used').fill('Scheduler');
    await page.getByRole('combobox', { name: 'What it may do' }).or(page.getByLabel('What it may do')).first().click();
    await page.getByRole('option', { name: 'run.read' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('On which flows').fill('load-*');
    if (screens !== undefined) await page.screenshot({ path: `${screens}/key-dialog.png` });
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = await page.getByRole('textbox', { name: 'the key' }).inputValue();
    expect(key).toMatch(/^tw_[\w-]{50}$/);
    const me = await fetch(`${product.server.origin}/api/auth/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(await me.json()).toMatchObject({ email: 'service:nightly-loads', permissions: ['run.read'] });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText('run.read on flow load-*').waitFor();
    if (screens !== undefined) await page.screenshot({ path: `${screens}/service-account.png` });
    await page.getByRole('button', { name: 'Rotate Scheduler' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate', exact: true }).click();
    const next = await page.getByRole('textbox', { name: 'the key' }).inputValue();
    expect(next).not.toBe(key);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
    await page.getByText('Suspended: its keys do not work.').waitFor();
    expect((await fetch(`${product.server.origin}/api/auth/me`, { headers: { authorization: `Bearer ${next}` } })).status).toBe(401);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.waitForURL('**/admin/service-accounts');
    await page.getByText('No service accounts').waitFor();
    if (screens !== undefined) await page.screenshot({ path: `${screens}/service-accounts-empty.png` });
    expect(complaints).toEqual([]);
  });
});
