// Control flow in the browser: the graph with its branches, groups and marks; the items of a step, their runs, and the way back up.
import { applyFlow, listRuns, showRun, startRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { branchesFlow } from './control-flow-document.ts';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;
let page: Page;
let run = '';

const node = (title: string) => page.locator(`.react-flow__node[aria-label^="Step ${title},"]`);

describe.skipIf(!hasBrowser)('control flow in the browser', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    visitor = await product.signedIn();
    page = visitor.page;
    await product.client.call(applyFlow, { body: { source: branchesFlow } });
    run = (await product.client.call(startRun, { params: { slug: 'branches' }, body: {} })).id;
    await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id: run } })).state), { timeout: 90_000, interval: 200 });
  });
  afterAll(() => product?.stop());

  test('the graph names branches and occasions, marks what steps do, and draws groups around their steps', async () => {
    await visitor.goto('/flows/branches');
    await node('desk').waitFor();
    const [group, inner] = await Promise.all([node('desk').boundingBox(), node('sum').boundingBox()]);
    if (!group || !inner) throw new Error('the group is not drawn');
    expect(inner.x > group.x && inner.y > group.y && inner.x + inner.width < group.x + group.width && inner.y + inner.height < group.y + group.height).toBe(
      true,
    );
    await expect.poll(() => page.locator('.react-flow__edge-text').allTextContents()).toEqual(expect.arrayContaining(['many', 'few', '✕ on failure']));
    expect(await node('load').getAttribute('aria-label')).toContain('Undone by flow.value');
    expect(await node('count').getAttribute('aria-label')).toContain('Runs again until last >= 2');
    expect(await node('clean').getAttribute('aria-label')).toContain('at the end of the run, whatever happened');
    await page.getByText('one run at once, others are refused').waitFor();
    await page.getByText('gives prices').waitFor();
  });

  test('a step inside a group is found in the text', async () => {
    await node('count').click();
    await page.locator('.cm-activeLine').getByText('count').first().waitFor();
  });

  test('a run shows how far its items are, its outputs, and each item by its value', async () => {
    await visitor.goto(`/runs/${run}`);
    await page.locator('header [data-state=succeeded]').waitFor();
    await expect.poll(() => node('price').getAttribute('aria-label')).toContain('1 failed');
    await page.getByRole('region', { name: 'Outputs' }).getByText('12').waitFor();
    await page.getByText('12 of 12 done, 1 failed').first().waitFor();
    await page.getByRole('tab', { name: 'Items' }).click();
    const items = page.getByRole('table', { name: 'Items of price' });
    await items.getByRole('link', { name: '12: le' }).waitFor();
    await page.getByText('Failed', { exact: true }).first().click();
    await expect.poll(() => items.getByRole('row').count()).toBe(2);
    await items.getByRole('link', { name: '4: de' }).waitFor();
  });

  test('from an item there is a way back up, and runs below others are in no list', async () => {
    await page.getByRole('link', { name: '4: de' }).click();
    await page.getByText('for de').waitFor();
    await node('price').waitFor();
    await page.getByRole('link', { name: /branches #\d+, price/ }).click();
    await page.getByRole('table', { name: 'Items of price' }).waitFor();
    await page
      .getByRole('combobox', { name: 'Step' })
      .or(page.getByRole('textbox', { name: 'Step' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'desk' }).click();
    await page.getByRole('table', { name: 'Items of desk' }).getByRole('link', { name: '2: be' }).click();
    await node('sum').waitFor();
    await page.getByRole('tab', { name: 'Items' }).click();
    await page.getByRole('table', { name: 'Items of count' }).getByRole('link', { name: '2: be' }).click();
    await expect.poll(() => page.getByRole('link', { name: /branches #\d+, (desk|count)/ }).count()).toBe(2);
    const { items } = await product.client.call(listRuns, { query: { flow: 'branches', limit: 50 } });
    expect(items.map(({ id }) => id)).toEqual([run]);
    await visitor.goto('/runs?flow=branches');
    await page.getByText('1 run', { exact: true }).waitFor();
    expect(visitor.complaints).toEqual([]);
  });
});
