// What a newcomer does: the one-time link, an account, a demo run watched live, its artifact downloaded, the rejected rows looked at, and out again.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;
let page: Page;

describe.skipIf(!hasBrowser)('first steps in the browser', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    visitor = await product.open();
    page = visitor.page;
  });
  afterAll(async () => {
    await product?.stop();
  });

  test('without an account every address leads to sign-in', async () => {
    await visitor.goto('/runs?state=failed');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('next')).toBe('/runs?state=failed');
  });

  test('the first link makes the administrator and signs in', async () => {
    await visitor.goto(product.server.firstLink ?? '');
    await page.locator('input[name=email]').fill(administrator.email);
    await page.locator('input[name=name]').fill(administrator.name);
    await page.locator('input[name=password]').fill('short');
    expect(await page.getByRole('button', { name: 'Make the account' }).isDisabled()).toBe(true);
    await page.locator('input[name=password]').fill(administrator.password);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  });

  test('the home page offers both demos', async () => {
    const start = page.getByRole('region', { name: 'Start a flow' });
    await start.getByText('Flight delays by airport and day').waitFor();
    await start.getByText('MiFIR transaction report (synthetic trades)').waitFor();
  });

  test('a run of the flights is watched live to its end', async () => {
    await page.getByRole('link', { name: 'Run Flight delays by airport and day' }).click();
    await page.getByLabel('Late after (minutes)').fill('30');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    // Never loaded again by hand: what follows comes over the live channel.
    await page.locator('header [data-state=succeeded]').waitFor({ timeout: 90_000 });
    await page.getByText('13 of 13').waitFor();
    const parameters = page.getByRole('region', { name: 'Parameters' });
    expect(await parameters.textContent()).toContain('lateAfter30');
  });

  test('an artifact is downloaded with the hash that the page names', async () => {
    const artifact = page.getByRole('article', { name: 'top-ten-routes.csv' });
    await artifact.getByRole('button', { name: 'Copy SHA-256 of top-ten-routes.csv' }).waitFor();
    const shown = ((await artifact.locator('code').first().textContent()) ?? '').replace('…', '');
    const [download] = await Promise.all([page.waitForEvent('download'), artifact.getByRole('link', { name: 'Download top-ten-routes.csv' }).click()]);
    const content = await readFile(await download.path());
    expect(download.suggestedFilename()).toBe('top-ten-routes.csv');
    expect(content.toString('utf8').trim().split('\n')).toHaveLength(11);
    expect(createHash('sha256').update(content).digest('hex').startsWith(shown)).toBe(true);
    expect(shown.length).toBeGreaterThanOrEqual(24);
  });

  test('the report keeps its rejected rows, each with the rule that it broke', async () => {
    await visitor.goto('/flows/mifir-daily?run=true');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('header [data-state=succeeded]').waitFor({ timeout: 90_000 });
    await page.getByRole('button', { name: 'checks checks.run' }).click();
    await page.getByRole('link', { name: /rejected rows/ }).click();
    const rows = page.getByRole('table', { name: 'Rejected rows of checks' });
    await rows.getByRole('row').nth(100).waitFor();
    expect(await rows.getByRole('columnheader').allInnerTexts()).toContainEqual(expect.stringMatching(/^_reason/));
    expect(new URL(page.url()).searchParams.get('which')).toBe('rejected');
  });

  test('the log can be searched, and the search is in the address', async () => {
    await page.getByRole('tab', { name: 'Logs' }).click();
    // The open step wrote none of its own.
    await page.getByText('The step checks wrote no log lines.').waitFor();
    await page.getByRole('switch', { name: 'Only checks' }).uncheck();
    await page.getByRole('log').waitFor();
    await page.getByLabel('Search the log').fill('no line says this');
    await page.getByText('no line has it').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('no line says this');
    await page.getByLabel('Search the log').fill('read');
    await page.getByText(/^1 of \d/).waitFor();
    await page.locator('[data-hit] mark').first().waitFor();
  });

  test('Ctrl+K finds a flow by part of its name', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search flows, runs, hosts and more' }).fill('flight');
    await page.getByRole('option', { name: /Flight delays by airport and day Flow · flight-delays/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/flows\/flight-delays/);
  });

  test('signing out ends the session; signing in leads back to where it was wanted', async () => {
    await page.getByRole('button', { name: 'My menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await visitor.goto('/files');
    await page.getByLabel('E-mail').fill(administrator.email);
    await page.locator('input[name=password]').fill('not the password at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.locator('input[name=password]').fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Files', level: 1 }).waitFor();
  });

  test('the browser had nothing to complain about', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
