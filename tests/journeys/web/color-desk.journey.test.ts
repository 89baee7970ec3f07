// A morning of the desk in the pages: the same file twice, rules that are tried before they count, a run by hand, what was kept looked for, figures, what-if, a change taken back, and a backup restored.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  applyFlow,
  createSchedule,
  listColorBuffer,
  listColorProcessings,
  listColorRules,
  listFiles,
  pauseSchedule,
  showColorSheet,
  showColorSource,
  showSchedule,
  updateColorRule,
  updateColorSource,
} from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { syntheticColors } from '../../../packages/server/src/features/colors/synthetic/synthetic-colors.ts';
import { syntheticWorkbook } from '../../../packages/server/src/features/colors/synthetic/synthetic-files.ts';
import { takeBack } from './take-back.ts';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;
let folder: string;
const shots = process.env['TIDEWHEEL_SHOTS'];
const today = new Date().toISOString().slice(0, 10);
const bonds = [
  ['037833100', 'EXMP', 'Example Corp', 'Energy'],
  ['594918104', 'SMPL', 'Sample Holdings', 'Retail'],
  ['46625H100', 'TEST', 'Test Trust', 'Banks'],
];
const quotes = [99, 98.5, 97, 96.5, 94].flatMap((px, at) =>
  bonds.map((bond) => [today, ...bond, at % 2 ? 'ALDR' : 'BRCH', at % 2 ? 'bid' : 'offer', px, at + 1, at + 1].join(',')),
);
const csv = `Date,CUSIP,Ticker,Issuer,Sector,Dealer,Bias,PX,Size,Rank\n${quotes.join('\n')}\n`;
const steps = '  take: { use: color.take }\n  rank: { use: color.rank, from: take }\n  keep: { use: color.keep, from: rank }\n';

async function shot(name: string): Promise<void> {
  if (!shots) return;
  const { page } = visitor;
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
}

async function bring(name: string): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(file, csv);
  await visitor.page.locator('input[type=file]').setInputFiles(file);
}

async function waiting(): Promise<number> {
  return (await product.client.call(listColorBuffer, { query: {} })).total;
}

async function takenBack(module: string, action: string): Promise<void> {
  await takeBack(visitor, { module, action });
  await visitor.page.getByRole('table', { name: 'Changes' }).getByText('a revert').waitFor();
}

/** What the browser was given as a file. */
async function downloaded(click: () => Promise<void>): Promise<string> {
  const coming = visitor.page.waitForEvent('download');
  await click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await coming).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe.skipIf(!hasBrowser)('the color desk', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    folder = await mkdtemp(path.join(tmpdir(), 'tw-desk-'));
    visitor = await product.signedIn();
    await product.client.call(applyFlow, { body: { source: `flow: morning-sheet\ntitle: Morning sheet\nkind: color\nsteps:\n${steps}` } });
    const rules = [{ kind: 'businessDays' as const, at: ['06:00'] }];
    await product.client.call(createSchedule, {
      body: { flow: 'morning-sheet', timeZone: 'America/New_York', calendar: 'NYSE', rules, slug: 'mornings', title: 'Every morning' },
    });
  });
  afterAll(async () => {
    await product?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('holds a content that came before until somebody decides', async () => {
    const { page, goto } = visitor;
    const dialog = page.getByRole('dialog');
    await goto('/colors/buffer');
    await bring('morning.csv');
    await page.getByText(/morning\.csv: 15 colors/).waitFor();
    await bring('again.csv');
    // What is still on its way becomes a taller notice when it is there, and moves what is below from under the pointer.
    await page.getByText(/again\.csv: the same content came before/).waitFor();
    await page.getByRole('tab', { name: 'Uploads' }).click();
    await page.getByRole('button', { name: 'Open again.csv' }).click();
    await dialog.getByText('The same content came before. Read it all the same, or withdraw it.').waitFor();
    await shot('desk-held');
    await dialog.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog', { name: 'Withdraw again.csv?' }).getByRole('button', { name: 'Withdraw' }).click();
    await vi.waitUntil(async () => (await page.getByRole('dialog', { name: 'Withdraw again.csv?' }).count()) === 0, { timeout: 90_000, interval: 100 });
    expect(await waiting()).toBe(15);
  });

  test('says what a rule does before it counts, and asks before everything is excluded', async () => {
    const { page, goto } = visitor;
    await goto('/colors/rules/new?kind=exclude');
    await page.getByRole('textbox', { name: 'Title' }).fill('Far from par');
    const value = page.getByRole('textbox', { name: 'Value of the condition, part 1' });
    await page.getByRole('combobox', { name: 'Comparison of the condition, part 1' }).click();
    await page.getByRole('option', { name: 'is less than', exact: true }).click();
    await value.fill('200');
    await page.getByText('It fits 15 of 15 and excludes 15. All active rules together leave 0.').waitFor();
    await page.getByRole('button', { name: 'Create the rule' }).click();
    await page.getByText('This rule excludes all 15 rows that wait in the buffer.').waitFor();
    await page.getByRole('button', { name: 'Exclude everything all the same' }).waitFor();
    await shot('desk-rule-all');
    await value.fill('95');
    await page.getByText('It fits 3 of 15 and excludes 3. All active rules together leave 12.').waitFor();
    await expect.poll(() => page.getByRole('table', { name: 'Colors that fit' }).getByRole('row').count()).toBe(4);
    await page.getByRole('button', { name: 'Create the rule' }).click();
    await page.getByRole('list', { name: 'Exclusion rules' }).getByText('PX is less than 95').waitFor();
  });

  test('shows what columns would read of a file before they are saved', async () => {
    const { page, goto } = visitor;
    const dialog = page.getByRole('dialog');
    await goto('/colors/columns?source=new');
    await dialog.getByRole('combobox', { name: 'Try it on a file that came' }).click();
    await page.getByRole('option', { name: 'morning.csv' }).click();
    await dialog.getByText('These columns were told from its headers.').waitFor();
    await dialog.getByRole('button', { name: 'Take them' }).click();
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Mornings');
    await dialog.getByRole('textbox', { name: 'Ticker', exact: true }).fill('Issuer');
    await dialog.getByRole('table', { name: 'Colors understood' }).getByText('Example Corp').first().waitFor();
    await shot('desk-columns');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('button', { name: 'Open Mornings' }).waitFor();
  });

  test('takes the template of the sheet from a workbook, replaces it, and goes back to columns', async () => {
    const { page, goto } = visitor;
    const template = async () => (await product.client.call(showColorSheet, {})).sheet.template;
    const choose = async (content: Uint8Array, name: string) => {
      const file = path.join(folder, name);
      await writeFile(file, content);
      await page.getByLabel('Workbook of the template').setInputFiles(file);
    };
    const save = async (met: (slug: string | null) => boolean) => {
      await page.getByRole('button', { name: 'Save the sheet' }).click();
      await vi.waitUntil(async () => met(await template()), { timeout: 90_000, interval: 200 });
      await page.getByText('The sheet is changed.').first().waitFor();
    };
    const colors = [...syntheticColors({ seed: 3, days: 1, perDay: 2 })];
    await goto('/colors/columns');
    await page.getByRole('button', { name: 'Upload a template' }).waitFor();
    await choose(syntheticWorkbook(colors), 'Desk sheet.xlsx');
    await page.getByRole('button', { name: 'Replace it' }).waitFor();
    await shot('desk-template');
    await save((slug) => slug !== null);
    const slug = await template();
    expect(slug).toMatch(/desk.*sheet/i);
    const content = async () => (await product.client.call(listFiles, { query: {} })).items.find((one) => one.slug === slug)?.sha256;
    const before = await content();
    await choose(syntheticWorkbook(colors, { titles: ['Synthetic'] }), 'Another.xlsx');
    await vi.waitUntil(async () => (await content()) !== before, { timeout: 90_000, interval: 200 });
    expect(await template()).toBe(slug);
    await page.getByRole('button', { name: 'Remove the template', exact: true }).click();
    await page.getByRole('textbox', { name: 'Header of PX', exact: true }).waitFor();
    await save((slug) => slug === null);
  });

  test('runs by hand and leaves out the next morning', async () => {
    const { page, goto } = visitor;
    const before = (await product.client.call(showSchedule, { params: { slug: 'mornings' } })).nextAt;
    await goto('/colors/automation');
    await page.getByRole('button', { name: 'Run Morning sheet now' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'is left out: this run stands for it' }).check();
    await dialog.getByRole('button', { name: 'Run now' }).click();
    await page.waitForURL(/\/runs\//);
    const kept = async () => (await product.client.call(listColorProcessings, { query: {} })).items[0];
    await vi.waitUntil(async () => (await kept()) !== undefined, { timeout: 120_000, interval: 300 });
    expect(await kept()).toMatchObject({ kept: 12, excluded: 3 });
    expect((await product.client.call(showSchedule, { params: { slug: 'mornings' } })).nextAt).not.toBe(before);
    await goto('/colors/automation');
    await page.getByRole('table', { name: 'Last processings' }).getByText('12', { exact: true }).waitFor();
    await shot('desk-automation');
    await goto('/colors/columns');
    await page.getByRole('textbox', { name: 'Header of PX', exact: true }).fill('Price');
    const sheet = page.getByRole('table', { name: 'Preview of the sheet' });
    await sheet.getByRole('columnheader', { name: 'Price', exact: true }).waitFor();
    await sheet.getByRole('cell', { name: 'EXMP', exact: true }).first().waitFor();
    await shot('desk-sheet');
  });

  test('finds what was kept, by text and filters, keeps the search and gives it as a file', async () => {
    const { page, goto } = visitor;
    await goto('/colors/search');
    const table = page.getByRole('table', { name: 'Colors' });
    await table.getByText('SMPL').first().waitFor();
    const box = page.getByRole('combobox', { name: 'CUSIP, ISIN, ticker or issuer' });
    await box.fill('exam');
    await page.getByRole('option', { name: /037833100/ }).waitFor();
    await box.press('Enter');
    await page.waitForURL(/text=exam/);
    await table.getByText('SMPL').first().waitFor({ state: 'hidden' });
    await page.getByRole('combobox', { name: 'Any dealer' }).click();
    await page.getByRole('option', { name: 'ALDR' }).click();
    await page.waitForURL(/dealer=ALDR/);
    await vi.waitUntil(async () => (await table.getByRole('row').count()) === 3, { timeout: 90_000, interval: 200 });
    await shot('desk-search');
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'Save this search …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Example of ALDR');
    await dialog.getByRole('checkbox', { name: 'Tell me when a processing brings new matches' }).check();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'Example of ALDR (alert)' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    const file = await downloaded(() => page.getByRole('menuitem', { name: 'CSV' }).click());
    expect(file.trimEnd().split('\r\n')).toHaveLength(3);
    await goto('/colors/search');
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByRole('menuitem', { name: /exam.*ALDR/ }).click();
    await page.waitForURL(/dealer=ALDR/);
    await box.fill('0378');
    await page.getByRole('option', { name: /037833100/ }).click();
    await page.waitForURL(/securities\/037833100/);
    await page.getByRole('table', { name: 'Dealers' }).getByText('BRCH').waitFor();
    await shot('desk-security');
  });

  test('has the figures of the day and gives them as a file', async () => {
    const { page, goto } = visitor;
    await goto('/colors/desk');
    await page.getByText('Energy').first().waitFor();
    await shot('desk-dashboard');
    const file = await downloaded(() => page.getByRole('link', { name: 'CSV' }).click());
    expect(file).toContain(`Today,${today},,12,3`);
  });

  test('shows what another rule would have changed, and takes a change back', async () => {
    const { page, goto } = visitor;
    await goto('/colors/rules');
    await page.getByRole('link', { name: 'Far from par' }).click();
    await page.getByRole('textbox', { name: 'Value of the condition, part 1' }).fill('97');
    await page.getByRole('button', { name: 'Show what would differ' }).click();
    await page.getByText(/^3 of 15 rows in 1 processing would differ; \d+ more only move\./).waitFor({ timeout: 90_000 });
    await shot('desk-what-if');
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByText('PX is less than 97').waitFor();
    await takenBack('color-rules', 'color_rule.updated');
    const { items } = await product.client.call(listColorRules, { query: {} });
    expect(items[0]?.condition).toEqual({ all: [{ field: 'px', operator: 'less', value: 95 }] });
  });

  test('takes back changes of columns, of schedules and of uploads', async () => {
    const { client } = product;
    const source = async () => client.call(showColorSource, { params: { slug: 'mornings' } });
    const { columns } = await source();
    await client.call(updateColorSource, { params: { slug: 'mornings' }, body: { title: 'Evenings', columns: { ...columns, headerLine: 1 } } });
    await takenBack('color-columns', 'color_source.updated');
    expect(await source()).toMatchObject({ title: 'Mornings', columns, version: 3 });

    const schedule = async () => (await client.call(showSchedule, { params: { slug: 'mornings' } })).state;
    await client.call(pauseSchedule, { params: { slug: 'mornings' } });
    await takenBack('schedules', 'schedule.paused');
    expect(await schedule()).toBe('active');

    expect(await waiting()).toBe(0);
    await takenBack('color-uploads', 'color_upload.withdrawn');
    expect(await waiting()).toBe(15);
  });

  test('is backed up, and brought back from the downloaded file after a look at each row', async () => {
    const { page, goto, complaints } = visitor;
    const dialog = page.getByRole('dialog');
    const rule = async () => (await product.client.call(listColorRules, { query: {} })).items[0];
    await goto('/admin/backups');
    await page.getByRole('button', { name: 'Make a backup' }).click();
    await dialog.getByRole('radio', { name: 'The color desk' }).check();
    await dialog.getByRole('textbox', { name: 'Title' }).fill('After the morning');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('Ready', { exact: true }).waitFor();
    const coming = page.waitForEvent('download');
    await dialog.getByRole('link', { name: /^Download/ }).click();
    const file = path.join(folder, 'desk-backup');
    await (await coming).saveAs(file);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('dialog', { name: 'Delete backup 1?' }).getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No backups yet').waitFor();

    const now = await rule();
    const spoiled = { kind: 'exclude', title: 'Spoiled', condition: { field: 'px', operator: 'less', value: 50 }, color: null } as const;
    await product.client.call(updateColorRule, { params: { id: now?.id ?? '' }, body: { ...spoiled, revision: now?.revision ?? 0 } });
    await page.locator('input[type=file]').setInputFiles(file);
    await dialog.getByText('Ready', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Compare with now' }).click();
    await dialog.getByRole('table', { name: 'Kinds that differ' }).waitFor();
    await dialog.getByRole('button', { name: 'Rows of Rules of the desk' }).click();
    await dialog.getByText('changes back').click();
    await dialog
      .getByRole('table', { name: /^Fields of/ })
      .getByText('Far from par')
      .waitFor();
    await shot('desk-backup');
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    const ask = page.getByRole('dialog', { name: /^Restore backup \d+\?/ });
    await ask.getByText(/rows become what they were/).waitFor();
    await ask.getByRole('button', { name: 'Restore', exact: true }).click();
    await ask.waitFor({ state: 'hidden' });
    expect(await rule()).toMatchObject({ title: 'Far from par', condition: { all: [{ field: 'px', operator: 'less', value: 95 }] } });
    await page
      .getByRole('table', { name: 'Backups' })
      .getByText(/Before backup \d+ was restored/)
      .waitFor();
    expect(complaints).toEqual([]);
  });
});
