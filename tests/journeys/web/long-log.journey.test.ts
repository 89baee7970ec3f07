// Somebody looks for a word in the log of a run that wrote more than a page can hold, reads it in the colours it was written in, and takes it away.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listLogs, showRun, startRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import axe from 'axe-core';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openShell } from '../../../packages/cli/src/testing/shell.ts';
import { createLogger } from '../../../packages/server/src/base/logger.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../packages/server/src/storage/postgres/embedded.ts';
import { hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
let folder: string;
let postgres: EmbeddedPostgres;
let database: pg.Client;
let run: string;
const shots = process.env['TIDEWHEEL_SHOTS'];
const added = 30_000;
const isStill = 'document.getAnimations().every((one) => one.effect.getComputedTiming().endTime === Infinity)';

/** No built-in step writes so much by itself: its lines are put where a step's commit puts them, for the scheduler to pack. */
async function writeLongLog(): Promise<void> {
  const esc = '\u001b';
  await database.query('update run set log_seq = log_seq + $2 where id = $1', [run, added]);
  await database.query(
    `insert into step_log (workspace_id, run_id, seq, step_id, attempt, at, level, text)
     select r.workspace_id, r.id, r.log_seq - $2 + n, 'trades', 1, r.finished_at, case when n % 1000 = 0 then 'warn' else 'info' end,
       case when n in (4000, 15000) then $3 || 'a needle' || $4 || ' in line ' || n
         else $5 || 'ok' || $4 || ' row ' || n || $6 || ' 256 ' || $4 || $7 || ' true colour ' || $4 || $8 end
     from run r, generate_series(1, $2::int) as n where r.id = $1`,
    [run, added, `${esc}[1;31m`, `${esc}[0m`, `${esc}[32m`, `${esc}[38;5;${208}m`, `${esc}[48;2;20;60;160m`, `${esc}]0;a title\u0007${esc}[2J`],
  );
  await database.query('insert into log_due (workspace_id, run_id) select workspace_id, id from run where id = $1', [run]);
  const left = async () => (await database.query<{ n: string }>('select count(*) as n from step_log where run_id = $1', [run])).rows[0]?.n;
  await vi.waitUntil(async () => Number(await left()) === 0, { timeout: 90_000, interval: 200 });
}

/** What cannot be read for want of contrast, in both schemes. */
async function tooPale(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(axe.source);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' });
    await vi.waitUntil(() => page.evaluate<boolean>(isStill), { timeout: 90_000, interval: 30 });
    const { violations } = await page.evaluate<{ violations: { nodes: { html: string }[] }[] }>('axe.run(document, { runOnly: ["color-contrast"] })');
    found.push(...violations.flatMap(({ nodes }) => nodes.map(({ html }) => `${scheme}: ${html}`)));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

describe.skipIf(!hasBrowser)('a long log', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-long-log-'));
    // As root Postgres runs as another user, who has to pass through.
    await chmod(folder, 0o711);
    postgres = await startEmbedded({ dataFolder: folder, logger: createLogger({ role: 'test', level: 'fatal' }) });
    product = await startWebProduct({ DATABASE_URL: postgres.ownerUrl });
    database = new pg.Client({ connectionString: postgres.ownerUrl });
    await database.connect();
    run = (await product.client.call(startRun, { params: { slug: 'mifir-daily' }, body: {} })).id;
    await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id: run } })).state), { timeout: 90_000, interval: 300 });
    await writeLongLog();
  });
  afterAll(async () => {
    await database?.end();
    await product?.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('opens at its end in colours, finds what is far before it, and goes back', async () => {
    const { page, goto, complaints } = await product.signedIn();
    await goto(`/runs/${run}?tab=logs`);
    const log = page.getByRole('log');
    await log.getByText(`row ${added}`).waitFor();
    await page.getByText(/^10,0\d\d of 30,\d\d\d lines$|^10,000 of 30,\d\d\d lines$/).waitFor();
    expect(await log.getByText(`row ${added}`).textContent()).not.toContain('title');
    expect(await log.getByText('ok', { exact: true }).first().getAttribute('style')).toMatch(/color: rgb/);
    if (shots) await page.screenshot({ path: `${shots}/log-1440-light.png` });

    await page.getByLabel('Search the log').fill('NEEDLE in');
    await page.getByText('1 of 2', { exact: true }).waitFor();
    const hit = page.locator('[data-hit]');
    await hit.getByText('in line 4000').waitFor();
    expect(await hit.locator('mark').allInnerTexts()).toEqual(['needle', ' in']);
    if (shots) await page.screenshot({ path: `${shots}/log-hit-1440-light.png` });
    expect(await tooPale(page)).toEqual([]);
    await page.getByLabel('Search the log').press('Enter');
    await hit.getByText('in line 15000').waitFor();
    await page.getByLabel('Search the log').press('Shift+Enter');
    await hit.getByText('in line 4000').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('NEEDLE in');
    await page.getByRole('button', { name: 'Earlier lines' }).click();
    await page.getByRole('button', { name: 'Newest' }).click();
    await log.getByText(`row ${added}`).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is read by level, also on a phone in the dark', async () => {
    const { page, goto, complaints } = await product.signedIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await goto(`/runs/${run}?tab=logs&level=warn&q=needle`);
    await page.getByText('1 of 2', { exact: true }).waitFor();
    await page.locator('[data-hit]').getByText('in line 4000').waitFor();
    await page.getByText('30 lines', { exact: true }).waitFor();
    if (shots) await page.screenshot({ path: `${shots}/log-390-dark.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('is downloaded whole from the page, and searched and written by the command line', async () => {
    const { page, goto } = await product.signedIn();
    await goto(`/runs/${run}?tab=logs`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Download mifir-daily-\d+\.log$/ }).click()]);
    const text = await readFile(await download.path(), 'utf8');
    const { lastLog } = await product.client.call(showRun, { params: { id: run } });
    expect(text.trimEnd().split('\n')).toHaveLength(lastLog);
    expect(text).toMatch(/Z WARN {2}trades a needle in line 4000\n/);
    await page.context().close();

    const shell = await openShell({ TIDEWHEEL_DATA: product.server.dataFolder });
    await shell.tidewheel(['login']);
    const found = await shell.tidewheel(['run', 'logs', run, '--search', 'needle', '--json']);
    expect(found).toMatchObject({ code: 0 });
    expect(found.stdout.trim().split('\n')).toHaveLength(2);
    expect(await shell.tidewheel(['run', 'logs', run, '--search', 'haystack'])).toMatchObject({ code: 1, stdout: '' });
    const file = path.join(shell.folder, 'run.log');
    expect(await shell.tidewheel(['run', 'logs', run, '--output', file])).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await shell.tidewheel(['run', 'logs', run, '--output', file])).toMatchObject({ code: 6 });
    expect(await product.client.call(listLogs, { params: { id: run }, query: { after: lastLog - 1 } })).toHaveLength(1);
  });

  test('a step that runs shows how far it is', async () => {
    const progress = { bytes: 1_200_000_000, total: 2_700_000_000, unit: 'bytes', percent: 44.4, remainingMs: 118_000, attempt: 1 };
    await database.query(`update run set state = 'running', finished_at = null where id = $1`, [run]);
    await database.query(`update step_run set state = 'running', finished_at = null, progress = $2 where run_id = $1 and step_id = 'trades'`, [
      run,
      JSON.stringify(progress),
    ]);
    const { page, goto } = await product.signedIn();
    await goto(`/runs/${run}?step=trades`);
    const panel = page.getByRole('complementary', { name: 'Step trades' });
    await panel.getByText('44 %, 1.20 GB of 2.70 GB, about 2 min left').waitFor();
    expect(await panel.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('44.4');
    expect(await tooPale(page)).toEqual([]);
    if (shots) await page.screenshot({ path: `${shots}/progress-1440-light.png`, fullPage: true });
    await database.query(`update step_run set state = 'succeeded', finished_at = now() where run_id = $1 and step_id = 'trades'`, [run]);
    await database.query(`update run set state = 'succeeded', finished_at = now() where id = $1`, [run]);
    await page.context().close();
  });
});
