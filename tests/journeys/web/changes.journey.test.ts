// An administrator finds a change in the log and takes it back; the revert is in the log as a change.
import * as routes from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;

beforeAll(async () => {
  if (!hasBrowser) return;
  product = await startWebProduct();
  visitor = await product.signedIn();
  const { slug, config } = await product.client.call(routes.showConnection, { params: { slug: 'demo-data' } });
  await product.client.call(routes.updateConnection, { params: { slug }, body: { title: 'Renamed by mistake', config } });
});
afterAll(() => product?.stop());

describe.skipIf(!hasBrowser)('the change log', () => {
  test('shows what a change did and takes it back', async () => {
    const { page, goto, complaints } = visitor;
    await goto('/');
    await page.getByRole('link', { name: 'Change log' }).click();
    await page.getByRole('combobox', { name: 'Module' }).click();
    await page.getByRole('option', { name: 'Connections' }).click();
    await page.waitForURL(/module=connections/);
    await page.getByRole('button', { name: /^Show connection.updated/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Renamed by mistake').waitFor();
    await drawer.getByRole('button', { name: 'Take it back' }).click();
    await page
      .getByRole('dialog', { name: /Take back this change/ })
      .getByRole('button', { name: 'Take it back' })
      .click();
    const table = page.getByRole('table', { name: 'Changes' });
    await table.getByText('a revert').waitFor();
    await table.getByText('taken back').waitFor();
    expect((await product.client.call(routes.showConnection, { params: { slug: 'demo-data' } })).title).not.toBe('Renamed by mistake');
    expect(complaints).toEqual([]);
  });

  test('has every module, and says of what cannot be taken back why', async () => {
    const { client } = product;
    await client.call(routes.createServiceAccount, { body: { slug: 'loader', title: 'Loader', role: 'viewer' } });
    await client.call(routes.createServiceKey, { params: { slug: 'loader' }, body: { title: 'nightly', days: 30 } });
    await client.call(routes.updateSecuritySettings, { body: { uploadMaxBytes: 5_000_000 } });
    await client.call(routes.createCredential, {
      body: { slug: 'lake', title: 'Lake', type: 'password', fields: { user: 'ann' }, secret: { password: 'not-shown-4711' } },
    });
    const { page, goto, complaints } = visitor;
    await goto('/admin/changes');
    const table = page.getByRole('table', { name: 'Changes' });
    await table.getByText('security.settings_changed').waitFor();
    expect(await table.getByRole('link', { name: 'lake' }).getAttribute('href')).toMatch(/\/credentials\/lake$/);
    const key = table.getByRole('row').filter({ hasText: 'service_key.created' });
    expect(await key.textContent()).toContain('stays');
    await key.getByRole('button', { name: /^Show/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Revoke the key: what it did stays done.').waitFor();
    expect(await drawer.getByRole('button', { name: 'Take it back' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
