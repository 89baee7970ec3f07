// A flow in the browser from its first draft to versions that are compared, brought back, switched off and imported.
import { listRuns, showDraft, showFlow } from '@tidewheel/client/routes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

const shots = process.env['TIDEWHEEL_SHOTS'];
let product: WebProduct;
let visitor: Visitor;
let page: Page;

async function write(source: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Flow document (YAML)' }).click();
  await page.keyboard.press('Control+a');
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, source);
}

async function shot(name: string): Promise<void> {
  if (!shots) return;
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${shots}/${name}-390.png`, fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
}

const text = (said: string, slug = 'greet') => `flow: ${slug}
title: Greeting ${slug}
kind: job
steps:
  hello:
    use: report.text
    with: { fileName: hello.txt, template: ${said} }
`;
const button = (name: string) => page.getByRole('button', { name, exact: true });
const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

describe.skipIf(!hasBrowser)('versions in the browser', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    visitor = await product.signedIn();
    page = visitor.page;
  });
  afterAll(() => product?.stop());

  test('a draft with faults is kept, corrected, tested and published', async () => {
    await visitor.goto('/flows/new');
    await write(text('Hello').replace('report.text', 'report.txt'));
    await button('Save as draft').click();
    await page.waitForURL(/\/flows\/greet/);
    const bar = page.getByRole('region', { name: 'Draft' });
    await bar.getByText('a fault').waitFor();
    expect(await bar.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
    await shot('draft-unpublished');
    await write(text('Hello'));
    await page.getByText('No faults', { exact: true }).waitFor();
    await button('Save as draft').click();
    await bar.getByText('Draft 2').waitFor();
    await bar.getByRole('button', { name: 'Test' }).click();
    await confirm('Start the run');
    await page.getByText('test of draft 2').waitFor();
    await page.locator('header [data-state=succeeded]').waitFor();
    await shot('draft-test-run');
    await visitor.goto('/flows/greet');
    await page.getByText('test of draft 2').waitFor();
    await bar.getByRole('button', { name: 'Publish' }).click();
    await confirm('Publish');
    await page.getByText(/^version 1/).waitFor();
    await button('Run').waitFor();
    const { items } = await product.client.call(listRuns, { query: { flow: 'greet' } });
    expect(items).toMatchObject([{ draft: true, state: 'succeeded' }]);
  });

  test('the draft of a published flow stays beside it and is compared with it', async () => {
    await write(text('Good evening'));
    await page.getByText('No faults', { exact: true }).waitFor();
    await button('Save as draft').click();
    const bar = page.getByRole('region', { name: 'Draft' });
    await bar.getByText(/upon version 1/).waitFor();
    expect(await product.client.call(showFlow, { params: { slug: 'greet' } })).toMatchObject({ version: 1, source: text('Hello') });
    expect(await product.client.call(showDraft, { params: { slug: 'greet' } })).toMatchObject({ source: text('Good evening'), base: 1 });
    await shot('draft-beside-version');
    await bar.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('with.template').waitFor();
    expect(await dialog.locator('del').allTextContents()).toEqual(['Hello']);
    expect(await dialog.locator('ins').allTextContents()).toEqual(['Good evening']);
    await shot('compare-by-step');
    await dialog.getByText('Text', { exact: true }).click();
    await dialog.getByText(/^\+ .*Good evening/).waitFor();
    await shot('compare-text');
    await page.keyboard.press('Escape');
    await bar.getByRole('button', { name: 'Publish' }).click();
    await confirm('Publish');
    await page.getByText(/^version 2/).waitFor();
  });

  test('an older version is restored', async () => {
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('Version 2 (newest)').waitFor();
    await shot('versions');
    await button('Restore').click();
    await confirm('Restore');
    await page.getByText('Version 3 (newest)').waitFor();
    expect(await product.client.call(showFlow, { params: { slug: 'greet' } })).toMatchObject({ version: 3, source: text('Hello') });
  });

  test('a flow that is off cannot be run, and says why', async () => {
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Switch off…' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('the source is closed');
    await confirm('Switch off');
    await page.getByText(/switched off by .*: the source is closed/).waitFor();
    expect(await button('Run').isDisabled()).toBe(true);
    await shot('switched-off');
    await button('More').click();
    await page.getByRole('menuitem', { name: 'Switch on' }).click();
    await page.getByText(/switched off by/).waitFor({ state: 'detached' });
    expect(await button('Run').isEnabled()).toBe(true);
  });

  test('an import is told before it is done; an export holds what is shown', async () => {
    await visitor.goto('/flows');
    await button('Import').click();
    await page.getByLabel('YAML documents').fill([text('Hello again'), text('New', 'second')].join('---\n'));
    await confirm('Check');
    const plan = page.getByRole('dialog').getByRole('table', { name: 'What would happen' });
    await plan.getByText('updated').waitFor();
    await plan.getByText('hello changed').waitFor();
    await plan.getByText('created').waitFor();
    await shot('import-plan');
    await confirm('Import');
    await page.getByRole('link', { name: 'Greeting second', exact: true }).waitFor();
    await shot('flows');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe('flows.yaml');
    expect(visitor.complaints).toEqual([]);
  });
});
