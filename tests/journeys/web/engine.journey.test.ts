// An operator stops the taking of work, somebody whose run waits reads why, and a worker is drained and taken back.
import { showEngine, showRun, startRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
const shots = process.env['TIDEWHEEL_SHOTS'];

describe.skipIf(!hasBrowser)('the engine page', () => {
  beforeAll(async () => {
    product = await startWebProduct();
  });
  afterAll(() => product?.stop());

  test('stops taking work; the run page says who did and why; it goes on when that is undone', async () => {
    const { page, goto, context, complaints } = await product.signedIn();
    const shot = async (name: string) => shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }));
    await goto('/admin/system');
    await page.getByRole('heading', { name: 'Engine', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Stop taking work' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('new disks until noon');
    await shot('pause-dialog');
    await dialog.getByRole('button', { name: 'Stop taking work' }).click();
    await page.getByText('No work is taken').waitFor();
    await page.getByText('Paused').waitFor();

    const { id } = await product.client.call(startRun, { params: { slug: 'mifir-daily' }, body: {} });
    await goto(`/runs/${id}`);
    const notice = page.getByRole('region', { name: 'Why it does not go on' });
    await notice.getByText('stopped it: new disks until noon').waitFor();
    await page.getByRole('tab', { name: 'Why' }).click();
    await page.getByText('It waits for').first().waitFor();
    await shot('run-why');

    await goto('/admin/system');
    await page.getByRole('table', { name: 'Queues' }).getByText('default').waitFor();
    await shot('engine-paused');
    await page.getByRole('button', { name: 'Take work again' }).click();
    await dialog.getByRole('button', { name: 'Take work again' }).click();
    await page.getByText('Takes work').first().waitFor();
    await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id } })).state), { timeout: 90_000, interval: 300 });
    await goto(`/runs/${id}?tab=why`);
    await page.getByText('Nothing to explain').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('drains a worker and takes it back, also on a phone', async () => {
    const { page, goto, context } = await product.signedIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await goto('/admin/system');
    await page.getByRole('button', { name: /^Drain / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drain it' }).click();
    await page.getByText('Drained').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/engine-drained-390.png`, fullPage: true });
    expect((await product.client.call(showEngine)).workers[0]).toMatchObject({ state: 'drained', drain: { by: 'ada@example.org' } });
    await page.getByRole('button', { name: /^Undrain / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take work again' }).click();
    await page.getByRole('button', { name: /^Drain / }).waitFor();
    expect((await product.client.call(showEngine)).workers[0]).toMatchObject({ drain: null });
    await context.close();
  });
});
