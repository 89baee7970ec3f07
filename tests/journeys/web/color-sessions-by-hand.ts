// Two people arrange a morning: edited by keys, pasted, excluded, coloured, moved, taken back, a conflict that loses nothing, then processed by a run.
import { createClient } from '@tidewheel/client/client';
import { acceptLink, applyFlow, inviteUser, listColorBuffer, listProcessedColors, pasteColors } from '@tidewheel/client/routes';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Visitor, WebProduct } from './web-product.ts';

const steps = '  take: { use: color.take }\n  rank: { use: color.rank, from: take }\n  keep: { use: color.keep, from: rank }\n';
const grace = { email: 'grace@example.org', name: 'Grace Hopper', password: 'a compiler from 1952, please' };
/** The first columns of the grid. */
const columns = ['date', 'cusip', 'ticker', 'rank', 'px', 'bias', 'dealer'];
type Shot = (visitor: Visitor, name: string) => Promise<void>;

export async function arrangeByHand({ product, shot }: { product: WebProduct; shot: Shot }): Promise<void> {
  const bonds = ['037833100\tAPPL\t1\t99', '037833100\tAPPL\t2\t98', '594918104\tMSFT\t1\t97', '17275R102\tCSCO\t1\t96', '88579Y101\tMMM\t1\t95'];
  const text = `Cusip\tTicker\tRank\tPx\n${bonds.join('\n')}\n`;
  await product.client.call(pasteColors, { body: { text, title: 'By hand' } });
  for (const name of ['morning', 'evening'])
    await product.client.call(applyFlow, { body: { source: `flow: ${name}-sheet\ntitle: ${name} sheet\nkind: color\nsteps:\n${steps}` } });
  const ada = await product.signedIn();
  await start(ada, shot);
  await edit(ada.page);
  await arrange(ada, shot);
  await share(ada.page);
  const other = await secondPerson(product);
  await other.goto(new URL(ada.page.url()).pathname);
  await meet({ ada: ada.page, grace: other.page });
  await goBack(ada, shot);
  await process(ada, shot);
  const number = Number(((await ada.page.getByRole('link', { name: /Look at processing/ }).textContent()) ?? '').replace(/\D/g, ''));
  const { items } = await product.client.call(listProcessedColors, { params: { number }, query: {} });
  expect(items.map(({ ticker, px }) => `${ticker} ${px}`)).toEqual(['MMM 95', 'APPL 99', 'APPL 98', 'MSFT 97', 'CSCO 94']);
  await discard({ product, visitor: ada });
  expect([...ada.complaints, ...other.complaints]).toEqual([]);
}

async function start({ page, goto, ...visitor }: Visitor, shot: Shot): Promise<void> {
  await goto('/colors/sessions');
  await page.getByRole('button', { name: 'Flow of the desk' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Flow', exact: true }).click();
  await page.getByRole('option', { name: 'morning sheet' }).click();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Start a session' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('Morning');
  await dialog.getByRole('combobox', { name: 'Only of these uploads' }).click();
  await page.getByRole('option', { name: 'By hand' }).click();
  await page.keyboard.press('Escape');
  await shot({ page, goto, ...visitor }, 'session-start');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await stands(page, ['APPL 99', 'APPL 98', 'MSFT 97', 'CSCO 96', 'MMM 95']);
}

const cell = (page: Page, row: number, field: string) => page.locator(`#session-row-${row} td[data-column="${columns.indexOf(field)}"]`);
async function stands(page: Page, rows: string[]): Promise<void> {
  const shown = async () => {
    const lines = await Promise.all(rows.map((_, i) => Promise.all([cell(page, i, 'ticker').textContent(), cell(page, i, 'px').textContent()])));
    return lines.map((line) => line.join(' '));
  };
  await expect.poll(shown, { interval: 100 }).toEqual(rows);
}
const saved = (page: Page) => page.getByText('all changes are saved').waitFor();

/** By keys alone, as in a spreadsheet. */
async function edit(page: Page): Promise<void> {
  await cell(page, 3, 'px').click();
  await page.keyboard.type('94-16+');
  await page.keyboard.press('Tab');
  await page.keyboard.type('offer');
  await page.keyboard.press('Enter');
  await page.keyboard.press('F2');
  await page.keyboard.type('x');
  await page.keyboard.press('Escape');
  await stands(page, ['APPL 99', 'APPL 98', 'MSFT 97', 'CSCO 94.515625', 'MMM 95']);
  await cell(page, 3, 'px').click();
  await page.keyboard.type('much');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('"much" is no', { exact: false }).first().waitFor();
  await paste(page, 'APPL');
  await page.keyboard.press('Control+z');
  await expect.poll(() => cell(page, 0, 'dealer').textContent()).toBe('');
  await saved(page);
}

async function paste(page: Page, name: string): Promise<void> {
  await cell(page, 0, 'dealer').click();
  await page.getByRole('grid').evaluate((grid, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, `ALDR\r\n"${name} ""desk"""\r\n`);
  await expect.poll(() => cell(page, 1, 'dealer').textContent()).toBe(`${name} "desk"`);
}

/** By mouse: menu at the pointer, a row dragged to the top, why a row is out. */
async function arrange(visitor: Visitor, shot: Shot): Promise<void> {
  const { page } = visitor;
  await cell(page, 2, 'px').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Colour red', exact: true }).click();
  await page.locator('#session-row-2[data-color=red]').waitFor();
  await cell(page, 2, 'px').click({ button: 'right' });
  await shot(visitor, 'session-menu');
  await page.getByRole('menuitem', { name: 'Exclude', exact: true }).click();
  await page.locator('#session-row-2[data-out]').waitFor();
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Excluded by a person').waitFor();
  await shot(visitor, 'session-why');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const [from, to] = [await page.locator('#session-row-4 th').boundingBox(), await page.locator('#session-row-0 th').boundingBox()];
  await page.mouse.move((from?.x ?? 0) + 40, (from?.y ?? 0) + 14);
  await page.mouse.down();
  await page.mouse.move((to?.x ?? 0) + 40, (to?.y ?? 0) + 2, { steps: 5 });
  await page.mouse.up();
  await stands(page, ['MMM 95', 'APPL 99', 'APPL 98', 'MSFT 97', 'CSCO 94.515625']);
  await page.getByRole('button', { name: 'Apply rules', exact: true }).click();
  await dialog.getByText('Off: every row stays where it is').waitFor();
  await dialog.getByRole('switch', { name: 'Sort anew' }).setChecked(false);
  await shot(visitor, 'session-rules');
  await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
  await saved(page);
  await shot(visitor, 'session');
}

async function share(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Name and sharing' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Ours');
  await dialog.getByRole('combobox', { name: 'Who may see it' }).click();
  await page.getByRole('option', { name: 'Others edit it' }).click();
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { name: 'Ours', level: 1 }).waitFor();
}

async function secondPerson(product: WebProduct): Promise<Visitor> {
  const { link } = await product.client.call(inviteUser, { body: { email: grace.email, role: 'operator' } });
  const token = new URL(link ?? '').pathname.split('/').at(-1) ?? '';
  await createClient({ origin: product.server.origin }).call(acceptLink, { params: { token }, body: grace });
  const visitor = await product.open();
  await visitor.goto('/sign-in');
  await visitor.page.getByLabel('E-mail').fill(grace.email);
  await visitor.page.locator('input[name=password]').fill(grace.password);
  await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await visitor.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  return visitor;
}

/** Each is at the same cell; who is late sees what is there now, and decides. */
async function meet({ ada, grace: other }: { ada: Page; grace: Page }): Promise<void> {
  await cell(other, 4, 'px').click();
  await ada.getByText('also here: grace@example.org').waitFor();
  await cell(ada, 4, 'px').click();
  // What Ada sends is held back until Grace has changed the same row.
  const held = Promise.withResolvers<void>();
  await ada.route('**/changes', async (route) => {
    await held.promise;
    await route.continue();
  });
  await ada.keyboard.type('94');
  await ada.keyboard.press('Enter');
  await other.keyboard.type('93');
  await other.keyboard.press('Enter');
  await expect.poll(() => cell(other, 4, 'px').textContent()).toBe('93');
  await other.getByText('all changes are saved').waitFor();
  held.resolve();
  const notice = ada.getByRole('alert');
  await notice.getByText('Somebody changed these rows meanwhile').waitFor();
  await notice.getByText('PX 93').waitFor();
  await expect.poll(() => cell(ada, 4, 'px').textContent()).toBe('93');
  await notice.getByRole('button', { name: 'Change them all the same' }).click();
  await expect.poll(() => cell(other, 4, 'px').textContent()).toBe('94');
  await ada.unroute('**/changes');
}

/** Who did what; the exclusion is taken back by its entry. */
async function goBack(visitor: Visitor, shot: Shot): Promise<void> {
  const { page } = visitor;
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const entry = dialog.getByRole('listitem').filter({ hasText: 'Excluded, 1 row' });
  await shot(visitor, 'session-history');
  await entry.getByRole('button', { name: /^Take back change/ }).click();
  await entry.getByText('taken back').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('5 in the sheet, 0 excluded').waitFor();
}

async function process(visitor: Visitor, shot: Shot): Promise<void> {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Process', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect.poll(() => dialog.getByRole('combobox', { name: 'Flow', exact: true }).inputValue()).toBe('morning sheet (of the desk)');
  await shot(visitor, 'session-process');
  await dialog.getByRole('button', { name: 'Process', exact: true }).click();
  await page.getByText('This session was processed').waitFor({ timeout: 90_000 });
  await shot(visitor, 'session-processed');
}

/** What a session took is free again, as it came. */
async function discard({ product, visitor: { page, goto } }: { product: WebProduct; visitor: Visitor }): Promise<void> {
  const waiting = async () => (await product.client.call(listColorBuffer, { query: {} })).items.filter(({ ticker }) => ticker === 'LATE');
  await product.client.call(pasteColors, { body: { text: 'Cusip\tTicker\tPx\n459200101\tLATE\t90\n', title: 'Late' } });
  await goto('/colors/sessions');
  await page.getByRole('button', { name: 'Start a session' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('grid').getByText('LATE', { exact: true }).waitFor();
  expect(await waiting()).toEqual([]);
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByRole('dialog', { name: 'Discard this session?' }).getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByText('This session was discarded').waitFor();
  expect((await waiting()).map(({ px }) => px)).toEqual([90]);
}
