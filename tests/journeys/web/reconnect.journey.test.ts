// The server is killed and started again under an open page: the page says that it is cut off, and goes on by itself when it is back.
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { pauseEngine, resumeEngine } from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';
import { hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
let again: TestServer | undefined;
let environment: Record<string, string>;
const shots = process.env['TIDEWHEEL_SHOTS'];

describe.skipIf(!hasBrowser)('the server is restarted under an open page', () => {
  beforeAll(async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    environment = { TIDEWHEEL_PORT: String(port) };
    product = await startWebProduct(environment);
  });
  afterAll(async () => {
    await product?.browser.close();
    await (again ?? product?.server)?.stop();
    await rm(product?.server.dataFolder ?? '', { recursive: true, force: true });
  });

  test('it says that it reconnects, then shows what happens as before', async () => {
    const { page, goto, context } = await product.signedIn();
    await goto('/admin/system');
    await page.getByText('Takes work').first().waitFor();
    await product.client.call(pauseEngine, { body: { reason: 'before' } });
    await page.getByText('stopped by').waitFor();
    await product.client.call(resumeEngine, {});
    await page.getByText('Takes work').first().waitFor();

    await product.server.kill();
    await page.getByText('Reconnecting…').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/reconnecting.png` });
    again = await startTestServer({ dataFolder: product.server.dataFolder, environment });
    await page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    await product.client.call(pauseEngine, { body: { reason: 'after' } });
    await page.getByText('stopped by').waitFor();
    await product.client.call(resumeEngine, {});
    await context.close();
  });
});
