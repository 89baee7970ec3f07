// Operating runs in a browser: a dry run on pasted rows, pause and resume, run again from a step, many at once, dead letters, a backfill.
import { applyFlow, listRuns, showRun, startRun, updateMailSettings } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { administrator, hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
const shots = process.env['TIDEWHEEL_SHOTS'];
const apply = (source: string) => product.client.call(applyFlow, { body: { source } });

describe.skipIf(!hasBrowser)('operating runs', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    await apply(
      'flow: prices\ntitle: Prices\nsteps:\n  rows:\n    use: table.read\n    with: { file: missing, format: csv }\n  big:\n    use: table.filter\n    from: rows\n    with: { where: price > 1 }\n  wait:\n    use: flow.signal\n    after: big\n    with: { name: go }\n',
    );
    await apply('flow: letters\ntitle: Letters\nsteps:\n  fails:\n    use: flow.fail\n    with: { message: no price today }\n');
    await apply('flow: daily\ntitle: Daily\nparameters:\n  day: { type: date }\nsteps:\n  wait:\n    use: flow.signal\n    with: { name: go }\n');
  });
  afterAll(() => product?.stop());

  test('a dry run on pasted rows is paused, resumed, cancelled and run again from a step', async () => {
    const { page, goto, context, complaints } = await product.signedIn();
    const shot = async (name: string) => shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }));
    await goto('/flows/prices?run=true');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Test data' }).click();
    await dialog.getByLabel('rows', { exact: true }).fill('isin,price\nA,1\nB,5');
    await shot('run-test-data');
    await dialog.getByRole('button', { name: 'Start the dry run' }).click();
    await page.getByText('dry run', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    await shot('run-paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('button', { name: 'Re-run' }).click();
    await dialog.getByText('2 are taken over').waitFor();
    await dialog.getByRole('radio', { name: 'From a step' }).check();
    await dialog.getByText('it was chosen').waitFor();
    await shot('rerun-dialog');
    await dialog.getByRole('radio', { name: /^What did not succeed/ }).check();
    await dialog.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('link', { name: 're-run of an earlier run' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('many runs are selected and cancelled, after it was shown which', async () => {
    for (let at = 0; at < 3; at++) await product.client.call(startRun, { params: { slug: 'daily' }, body: { parameters: { day: '2026-01-01' } } });
    const { page, goto, context, complaints } = await product.signedIn();
    await goto('/runs?flow=daily');
    await page.getByRole('button', { name: 'Select' }).click();
    await page
      .getByRole('checkbox', { name: /^Select Daily/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'With 1 selected' }).waitFor();
    await page.getByRole('button', { name: 'With all that match' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 runs are cancelled:').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/bulk-dialog.png` });
    await dialog.getByRole('button', { name: 'Cancel: 3' }).click();
    await dialog.getByText('3 of 3 were cancelled.').waitFor();
    const { items } = await product.client.call(listRuns, { query: { flow: 'daily' } });
    expect(items.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a dead letter is counted, looked at, and discarded with a comment', async () => {
    const { id } = await product.client.call(startRun, { params: { slug: 'letters' }, body: {} });
    await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id } })).state), { timeout: 90_000, interval: 200 });
    const { page, goto, context, complaints } = await product.signedIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await goto('/operate/dead-letters');
    await page.getByRole('link', { name: /^Letters #/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('no price today').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/dead-letter-390.png` });
    await drawer.getByLabel(/^Or discard it/).fill('there was none that day');
    await drawer.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('No dead letters').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a backfill tells its price, is started and cancelled', async () => {
    const { page, goto, context, complaints } = await product.signedIn();
    await goto('/flows/daily');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Backfill…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^From/).fill('2026-01-05');
    await dialog.getByLabel(/^To/).fill('2026-01-09');
    await dialog.getByText('5 runs, 1 at once.').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/backfill-dialog.png` });
    await dialog.getByRole('button', { name: 'Start 5 runs' }).click();
    await page.getByRole('table', { name: 'Backfills' }).getByText('0 of 5 succeeded').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/backfills.png` });
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.getByRole('button', { name: 'Cancel the backfill' }).click();
    await page.getByText('5 cancelled').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a performance test measures each step', async () => {
    const { page, goto, context, complaints } = await product.signedIn();
    await goto('/flows/letters');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Performance test…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Runs', { exact: true }).fill('3');
    await dialog.getByRole('button', { name: 'Start 3 runs' }).click();
    await dialog.getByText('3 of 3 over, 3 failed').waitFor();
    await dialog.getByRole('table', { name: 'Steps' }).getByText(' %').first().waitFor();
    if (shots) await page.screenshot({ path: `${shots}/performance.png` });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a failure is told to who started it: the bell counts it at once, and a mail leaves', async () => {
    const smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
    await product.client.call(updateMailSettings, { body: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'tidewheel@example.org' } });
    const { page, goto, context, complaints } = await product.signedIn();
    const shot = async (name: string) => shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }));
    await goto('/');
    await page.getByRole('link', { name: 'Notifications', exact: true }).first().waitFor();
    const start = `fetch('/api/flows/letters/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.status)`;
    // What she was told of before: the tests above let runs of hers fail.
    const readAll = `fetch('/api/me/notifications/read', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((answer) => answer.status)`;
    expect(await page.evaluate<number>(readAll)).toBeLessThan(300);
    await page.getByRole('link', { name: /not read/ }).waitFor({ state: 'hidden' });
    expect(await page.evaluate<number>(start)).toBeLessThan(300);
    const bell = page.getByRole('link', { name: 'Notifications, 1 not read' });
    await bell.waitFor();
    await bell.click();
    await page.getByRole('table', { name: 'Notifications' }).getByText('no price today').waitFor();
    await shot('inbox');
    await page.getByRole('button', { name: /^Mark as read/ }).click();
    await bell.waitFor({ state: 'hidden' });
    await expect.poll(() => smtp.mails.map((mail) => mail.replace(/=\r\n/g, ''))).toMatchObject([expect.stringContaining('no price today')]);
    expect(smtp.mails[0]).toContain(`To: ${administrator.email}`);
    await goto('/profile/notifications');
    await page.getByRole('switch', { name: 'Quiet hours', exact: true }).check();
    await page.getByLabel('From', { exact: true }).fill('21:30');
    await shot('preferences');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved how you are told.').waitFor();
    await goto('/admin/notifications?tab=templates');
    await page.getByRole('button', { name: 'Change The end of a run' }).click();
    await page.getByRole('button', { name: 'Preview with a sample' }).click();
    await page.getByText('Daily prices: run 42 failed (2 more)').waitFor();
    await shot('template');
    await goto('/admin/notifications?tab=channels');
    await page.getByRole('button', { name: 'New channel' }).click();
    await page.getByLabel('Signing secret').first().waitFor();
    await shot('channel');
    await goto('/admin/notifications?tab=rules');
    await page.getByRole('button', { name: /^Change The end of a run/ }).click();
    await page.getByRole('checkbox', { name: 'Who started the run' }).waitFor();
    await shot('rule');
    await goto('/admin/notifications?tab=messages');
    await page.getByRole('cell', { name: administrator.email }).first().waitFor();
    await shot('messages');
    expect(complaints).toEqual([]);
    await context.close();
    await smtp.close();
  });
});
