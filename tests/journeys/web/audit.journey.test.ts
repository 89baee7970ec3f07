// An administrator looks into the audit trail: filters stay in the address, an entry shows what changed and leads to its object's whole story.
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
  await product.client.call(routes.updateConnection, { params: { slug }, body: { title: 'Data of the demo, renamed', config } });
});
afterAll(() => product?.stop());

describe.skipIf(!hasBrowser)('the audit page', () => {
  test('filters by action and keeps it in the address', async () => {
    const { page, goto } = visitor;
    await goto('/');
    await page.getByRole('link', { name: 'Audit', exact: true }).click();
    await page.getByRole('combobox', { name: 'Action' }).fill('connection.updated');
    await page.getByRole('option', { name: 'connection.updated' }).click();
    await page.waitForURL(/action=connection\.updated/);
    const table = page.getByRole('table', { name: 'Audit entries' });
    // The rows of before stand there until those of the filter have come.
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    await table.getByText('operator@localhost').waitFor();
  });

  test('shows what changed, the place in the signed tree, and everything that happened to the object', async () => {
    const { page, complaints } = visitor;
    await page.getByRole('button', { name: /^Show connection.updated/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Data of the demo, renamed').waitFor();
    await drawer.getByText('Place in the tree').waitFor();
    await page.reload();
    await drawer.getByRole('button', { name: 'Everything that happened to this connection' }).click();
    await page.waitForURL(/object=/);
    const table = page.getByRole('table', { name: 'Audit entries' });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    await table.getByText('connection.created').waitFor();
    expect(complaints).toEqual([]);
  });

  test('finds by a part of the name', async () => {
    const { page, goto } = visitor;
    await goto('/admin/audit');
    await page.getByRole('textbox', { name: 'Who' }).fill('ADA@');
    await page.waitForURL(/actor=ADA/);
    const table = page.getByRole('table', { name: 'Audit entries' });
    await table.getByText('link.accepted').waitFor();
    await expect.poll(() => table.getByText('operator@localhost').count()).toBe(0);
  });
});
