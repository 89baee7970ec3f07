// A person brings colors: a paste that is understood while it is typed, a file with what Excel broke, repairs, an edit, a source tried on a file before it is saved.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listColorBuffer, showColorSheet, showColorSource } from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { syntheticColors } from '../../../packages/server/src/features/colors/synthetic/synthetic-colors.ts';
import { syntheticWorkbook } from '../../../packages/server/src/features/colors/synthetic/synthetic-files.ts';
import { arrangeByHand } from './color-sessions-by-hand.ts';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let folder: string;
const shots = process.env['TIDEWHEEL_SHOTS'];

async function shot({ page }: Visitor, name: string): Promise<void> {
  if (!shots) return;
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: `${shots}/${name}-${scheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

describe.skipIf(!hasBrowser)('the buffer of the color desk', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    folder = await mkdtemp(path.join(tmpdir(), 'tw-buffer-'));
  });
  afterAll(async () => {
    await product?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('takes pastes and files, shows what is doubtful, and is mended', async () => {
    const visitor = await product.signedIn();
    const { page } = visitor;
    const waiting = async () => (await product.client.call(listColorBuffer, { query: {} })).items;
    await visitor.goto('/colors/buffer');
    await page.getByText('No colors wait').waitFor();
    await shot(visitor, 'buffer-empty');

    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Rows or lines').fill('Dealer: ALDR\nXYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120\nhave a good day\n');
    await dialog.getByText('2 colors are understood, 0 with doubts; 1 row is refused.').waitFor();
    await shot(visitor, 'buffer-paste');
    await dialog.getByRole('button', { name: 'Put into the buffer' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Open XYZ' }).first().waitFor();

    // What the line leaves open is marked where it stands, with how sure it is, until a person says what it is.
    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    await dialog.getByLabel('Rows or lines').fill('ABC 6 30 98.75 5mm\n');
    await dialog.getByText('1 color is understood, 1 with doubts; 0 rows are refused.').waitFor();
    await dialog.getByText('Bias 98.75 is not said in the line; taken as the bid (50% sure)').waitFor();
    await dialog.getByRole('table', { name: 'Colors understood' }).locator('mark[data-doubt=bias]').waitFor();
    await shot(visitor, 'buffer-paste-doubt');
    await dialog.getByRole('button', { name: 'Put into the buffer' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('table', { name: 'Colors that wait' }).locator('mark[data-doubt=bias]').waitFor();
    await page.getByRole('button', { name: 'Open ABC' }).click();
    await dialog.getByText('In doubt (50% sure)').waitFor();
    await dialog.getByLabel('Bias', { exact: true }).fill('offer');
    await shot(visitor, 'buffer-doubt');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('table', { name: 'Colors that wait' }).locator('mark').waitFor({ state: 'detached' });
    const mended = (await waiting()).find(({ ticker }) => ticker === 'ABC');
    expect(mended).toMatchObject({ bias: 'offer', doubts: {} });
    await page.getByRole('button', { name: 'Open ABC' }).click();
    await dialog.getByRole('button', { name: 'Take out of the buffer' }).click();
    await dialog.waitFor({ state: 'hidden' });

    const colors = [...syntheticColors({ seed: 11, days: 1, perDay: 60 })];
    const file = path.join(folder, 'morning.xlsx');
    await writeFile(file, syntheticWorkbook(colors, { titles: ['Synthetic morning'], numericCusips: true, hiddenSheet: true }));
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText(/morning\.xlsx: 60 colors, \d+ doubtful/).waitFor();
    const doubtful = (await waiting()).filter(({ doubts }) => doubts['cusip']?.repair !== undefined).length;
    expect(doubtful).toBeGreaterThan(0);
    await shot(visitor, 'buffer-doubts');
    const accept = page.getByRole('button', { name: /^Accept \d+ repairs?$/ });
    await accept.first().waitFor();
    for (;;) {
      if ((await accept.count()) === 0) break;
      const before = await accept.count();
      await accept.first().click();
      await vi.waitUntil(async () => (await accept.count()) < before, { timeout: 90_000, interval: 100 });
    }
    await vi.waitUntil(async () => (await waiting()).every(({ doubts }) => doubts['cusip']?.repair === undefined), { timeout: 90_000, interval: 200 });

    await page.getByRole('button', { name: 'Open XYZ' }).first().click();
    await dialog.getByLabel('PX', { exact: true }).fill('99-16+');
    await shot(visitor, 'buffer-color');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect((await waiting()).some(({ px }) => px === 99.515625)).toBe(true);

    await page.getByRole('tab', { name: 'Uploads' }).click();
    await page.getByRole('button', { name: 'Open morning.xlsx' }).click();
    await dialog.getByText('The sheet Old is hidden and was left out.').waitFor();
    await shot(visitor, 'buffer-upload');
    await dialog.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog', { name: 'Withdraw morning.xlsx?' }).getByRole('button', { name: 'Withdraw' }).click();
    await vi.waitUntil(async () => (await waiting()).length === 2, { timeout: 90_000, interval: 200 });

    await visitor.goto('/colors/rules');
    await shot(visitor, 'rules-empty');
    await page.getByRole('link', { name: 'New exclusion rule' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('At least 99');
    await page.getByRole('textbox', { name: 'Value of the condition, part 1' }).fill('99.515625');
    await page.getByText('It fits 1 of 2 and excludes 1. All active rules together leave 1.').waitFor();
    await shot(visitor, 'rule-new');
    await page.getByRole('button', { name: 'Create the rule' }).click();
    const row = page.getByRole('list', { name: 'Exclusion rules' }).getByRole('listitem');
    await row.getByText('PX equals 99.515625').waitFor();
    await page.getByRole('button', { name: 'What to do with At least 99' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByRole('link', { name: 'At least 99 (copy)' }).waitFor();
    await shot(visitor, 'rules');

    await visitor.goto('/colors/columns?source=new');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Morning runs');
    await dialog.getByRole('textbox', { name: 'CUSIP', exact: true }).fill('Bond');
    await dialog.getByRole('textbox', { name: 'Dealer where its column is empty' }).fill('ALDR');
    await shot(visitor, 'columns-new');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Open Morning runs' }).waitFor();
    expect(await product.client.call(showColorSource, { params: { slug: 'morning-runs' } })).toMatchObject({
      columns: { fields: { cusip: 'Bond' }, fixed: { dealer: 'ALDR' } },
    });
    await page.getByRole('textbox', { name: 'Header of PX', exact: true }).fill('Price');
    await page.getByRole('button', { name: 'Leave BWIC out', exact: true }).click();
    await shot(visitor, 'sheet');
    await page.getByRole('button', { name: 'Save the sheet' }).click();
    await page.getByText('The sheet is changed.').first().waitFor();
    const { sheet } = await product.client.call(showColorSheet, {});
    expect(sheet.columns).toContainEqual({ column: 'px', header: 'Price' });
    expect(sheet.columns.map(({ column }) => column)).not.toContain('bwic');
  });

  test('and a morning is arranged by two people, by hand', () => arrangeByHand({ product, shot }));
});
