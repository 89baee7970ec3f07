// An administrator opens one place for outgoing connections, sees that it is open, and sets the limits.
import * as routes from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;
beforeAll(async () => {
  if (!hasBrowser) return;
  product = await startWebProduct({ TIDEWHEEL_EGRESS_ALLOW: '', TIDEWHEEL_RATE_LIMITS: 'on' });
  visitor = await product.signedIn();
});
afterAll(() => product?.stop());

/** For a look at the page: SCREENSHOTS=folder. */
async function shoot(name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await visitor.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

describe.skipIf(!hasBrowser)('the security page', () => {
  test('opens a place, checks it, refuses a faulty line, and sets limits', async () => {
    const { page, goto, complaints } = visitor;
    await goto('/');
    await page.getByRole('link', { name: 'Security', exact: true }).click();
    const check = page.locator('section', { hasText: 'Check a place' });
    await check.getByLabel('Host').fill('127.0.0.1');
    await check.getByLabel('Port').fill('8443');
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('It would be refused').waitFor();
    await shoot('refused');
    const places = page.getByLabel('Hosts, addresses and networks');
    await places.fill('10.0.0.0/40');
    await page.getByRole('button', { name: 'Save the list' }).click();
    await page.getByText('"10.0.0.0/40" is not an address, network or host name.').first().waitFor();
    await places.fill('127.0.0.1:8443\nidp.corp.example');
    await page.getByRole('button', { name: 'Save the list' }).click();
    await page.getByText('Changed').waitFor();
    await check.getByRole('button', { name: 'Check' }).click();
    await check.getByText('It would be let out').waitFor();
    await page.getByLabel('Expensive: requests per second').fill('7');
    await page.getByRole('button', { name: 'Save the limits' }).click();
    await page.getByText('The limits are saved').first().waitFor();
    expect(await product.client.call(routes.showSecuritySettings)).toMatchObject({
      egressAllow: ['127.0.0.1:8443', 'idp.corp.example'],
      rates: { expensive: { perSecond: 7, burst: 20 } },
      uploadMaxBytes: 268_435_456,
    });
    await shoot('light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot('dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot('phone');
    expect(complaints).toEqual([]);
  });
});
