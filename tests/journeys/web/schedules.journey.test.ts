// Schedules in a browser: made with a form that says what it will do, moved on the calendar, run by hand, explained.
import { applyFlow, createSchedule, createTrigger, listOccurrences, showSchedule, showTrigger } from '@tidewheel/client/routes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeBack } from './take-back.ts';
import { hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

let product: WebProduct;
const shots = process.env['TIDEWHEEL_SHOTS'];
const shot = async (page: Page, name: string) => {
  if (!shots) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: `${shots}/${name}-phone.png`, fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
};

describe.skipIf(!hasBrowser)('schedules', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    const source =
      'flow: report\ntitle: Evening report\nkind: report\nparameters:\n  day: { type: date }\nsteps:\n  value:\n    use: flow.value\n    with: { value: day }\n';
    await product.client.call(applyFlow, { body: { source } });
    const definition = { flow: 'report', timeZone: 'Europe/Paris', parameters: { day: { expression: 'businessDate' } } };
    const rules = [{ kind: 'businessDays' as const, at: ['18:00'] }];
    await product.client.call(createSchedule, { body: { ...definition, slug: 'evening', title: 'Every evening', calendar: 'TARGET', rules } });
  });
  afterAll(() => product?.stop());

  test('one is made with a form that says in words what it will do', async () => {
    const { page, goto, complaints, context } = await product.signedIn();
    await goto('/schedules');
    await page.getByText('At 18:00, every business day of TARGET').first().waitFor();
    await page.getByText(/Firing/).waitFor();
    await shot(page, 'schedules');
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Month end');
    await page.getByRole('combobox', { name: 'Flow' }).click();
    await page.getByRole('option', { name: 'Evening report' }).click();
    await page.getByRole('textbox', { name: 'Cron expression' }).fill('0 18 L * *');
    await page.getByText('At 18:00, on the last day of the month').waitFor();
    // A fault is told while it is typed, and nothing can be saved then.
    await page.getByRole('textbox', { name: 'Cron expression' }).fill('0 0 30 2 *');
    await page.getByText('it can never fire').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Cron expression' }).fill('0 18 L * *');
    await page.getByRole('combobox', { name: 'day', exact: true }).click();
    await page.getByRole('option', { name: 'expression' }).click();
    await page.getByRole('textbox', { name: 'day: expression' }).fill('today');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('menuitem', { name: 'Every so often' }).click();
    await page
      .getByText(/^Every 15 minutes/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /^Remove Rules 2/ }).click();
    await page.getByText('At 18:00, on the last day of the month').first().waitFor();
    await shot(page, 'schedule-form');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Month end', level: 1 }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a moment is dragged to another day, moved by its menu, left out and put back', async () => {
    const { page, goto, complaints, context } = await product.signedIn();
    const next = async () => (await product.client.call(listOccurrences, { params: { slug: 'evening' }, query: { limit: 5 } })).items;
    const [, , third] = await next();
    const date = third?.local.slice(0, 10) ?? '';
    await goto(`/schedules/evening?day=${date}&view=week`);
    const moment = page.getByRole('button', { name: `${date} 18:00, planned`, exact: true });
    await moment.waitFor();
    await shot(page, 'schedule-week');
    const sunday = page.getByRole('button', { name: /: why on / }).last();
    await moment.dragTo(sunday);
    await page.getByRole('button', { name: /18:00, planned, moved by hand/ }).waitFor();
    await shot(page, 'schedule-moved');
    expect((await next()).map(({ movedFrom }) => movedFrom)).toContain(third?.instant);
    await page.getByRole('button', { name: /moved by hand/ }).click();
    await page.getByRole('menuitem', { name: 'Put it back' }).click();
    await moment.waitFor();
    await moment.click();
    await page.getByRole('menuitem', { name: 'Move…' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^To, on the clocks/)
      .fill(`${date}T12:30`);
    await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
    await page.getByRole('button', { name: `${date} 12:30, planned, moved by hand` }).click();
    await page.getByRole('menuitem', { name: 'Leave it out' }).click();
    await page.getByRole('button', { name: '18:00, left out by hand' }).click();
    await page.getByRole('menuitem', { name: 'Put it back' }).click();
    await moment.waitFor();
    await goto('/schedules/evening?day=2026-12-25&tab=why');
    await page
      .getByText(/2026-12-25 is Christmas Day/)
      .first()
      .waitFor();
    await shot(page, 'schedule-why');
    await goto('/schedules/evening?day=2026-12-01');
    await page.getByText('Christmas Day in TARGET').first().waitFor();
    await shot(page, 'schedule-month');
    await goto('/schedules/evening?tab=next');
    await page
      .getByText(/every business day of TARGET/)
      .first()
      .waitFor();
    await shot(page, 'schedule-next');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('it is run by hand beside the next moment and in place of it, paused and activated', async () => {
    const visitor = await product.signedIn();
    const { page, goto, complaints, context } = visitor;
    const evening = () => product.client.call(showSchedule, { params: { slug: 'evening' } });
    const before = await evening();
    await goto('/schedules/evening');
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'stays as planned', checked: true }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('link', { name: 'schedule evening' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    expect((await evening()).nextAt).toBe(before.nextAt);
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: /^is left out/ })
      .check();
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('link', { name: 'schedule evening' }).click();
    await page.getByRole('tab', { name: 'History' }).click();
    await expect.poll(() => page.getByText('Run by hand').count()).toBe(2);
    await shot(page, 'schedule-history');
    expect((await evening()).nextAt).not.toBe(before.nextAt);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    // All of it is taken back in the change log, newest first: it is paused, active, and the moment that was left out is planned again.
    await takeBack(visitor, { module: 'schedules', action: 'schedule.activated' });
    await expect.poll(async () => (await evening()).state).toBe('paused');
    await takeBack(visitor, { module: 'schedules', action: 'schedule.paused' });
    await expect.poll(async () => (await evening()).state).toBe('active');
    await takeBack(visitor, { module: 'schedules', action: 'schedule.occurrence_changed' });
    await expect.poll(async () => (await evening()).nextAt).toBe(before.nextAt);
    await goto('/flows/report?tab=schedules');
    await page.getByRole('link', { name: 'Every evening' }).waitFor();
    await shot(page, 'flow-schedules');
    await goto('/');
    await page.getByRole('region', { name: 'Next runs' }).getByText('Every evening').waitFor();
    await shot(page, 'home');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('triggers too are paused and activated many at once', async () => {
    const settings = { flow: 'report', kind: 'webhook' as const, config: {}, parameters: { day: 'event.body.day' } };
    for (const slug of ['prices-came', 'trades-came']) await product.client.call(createTrigger, { body: { ...settings, slug, title: slug } });
    const health = async (slug: string) => (await product.client.call(showTrigger, { params: { slug } })).health;
    const { page, goto, complaints, context } = await product.signedIn();
    const dialog = page.getByRole('dialog');
    const turn = async (which: string, verb: string, changed: number) => {
      await page.getByRole('button', { name: which, exact: true }).click();
      await page.getByRole('menuitem', { name: verb, exact: true }).click();
      await dialog.getByText(/triggers change$/).waitFor();
      await shot(page, `triggers-${verb}`);
      await dialog.getByRole('button', { name: `${verb} ${changed}`, exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await goto('/triggers?flow=report');
    await page.getByRole('link', { name: 'trades-came', exact: true }).waitFor();
    await turn('With these 2', 'Pause', 2);
    expect(await Promise.all(['prices-came', 'trades-came'].map(health))).toEqual(['paused', 'paused']);
    await page.getByLabel('Choose prices-came', { exact: true }).check();
    await turn('With 1 chosen', 'Activate', 1);
    expect(await Promise.all(['prices-came', 'trades-came'].map(health))).toEqual(['idle', 'paused']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('many are paused and activated at once, and it is shown before which', async () => {
    const { page, goto, complaints, context } = await product.signedIn();
    const dialog = page.getByRole('dialog');
    const turn = async (which: RegExp, verb: string, changed: number) => {
      await page.getByRole('button', { name: which }).click();
      await page.getByRole('menuitem', { name: verb, exact: true }).click();
      await dialog.getByText(/schedules change$/).waitFor();
      await shot(page, `schedules-${verb}`);
      await dialog.getByRole('button', { name: `${verb} ${changed}`, exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await goto('/schedules');
    await page.getByLabel('Choose evening', { exact: true }).check();
    await turn(/^With 1 chosen/, 'Pause', 1);
    await goto('/schedules?state=paused&q=evening');
    await page.getByRole('link', { name: 'Every evening' }).waitFor();
    await turn(/^With these 1/, 'Activate', 1);
    await page.getByText('No schedule matches these filters').waitFor();
    expect((await product.client.call(showSchedule, { params: { slug: 'evening' } })).state).toBe('active');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a calendar is made of a market, a blackout and a file; its year and its versions are looked at', async () => {
    const { page, goto, complaints, context } = await product.signedIn();
    await goto('/calendars');
    await page.getByText('No calendars of your own yet').waitFor();
    await page.getByRole('link', { name: 'New calendar' }).first().click();
    await page.getByRole('textbox', { name: 'Title' }).fill('The desk');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('menuitem', { name: 'Blackout' }).click();
    await page.getByLabel('From', { exact: true }).fill('2026-12-28');
    await page.getByLabel('To (included)').fill('2026-12-31');
    const create = page.getByRole('button', { name: 'Create the calendar' });
    expect(await create.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Reason' }).fill('year end close');
    await page.getByRole('button', { name: 'Import dates' }).click();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('dialog').getByLabel('CSV or ICS file').click()]);
    const buffer = Buffer.from('date;name\n2026-07-03;Summer party\n2026-02-30;Nothing\n');
    await chooser.setFiles({ name: 'days.csv', mimeType: 'text/csv', buffer });
    await page.getByText('Line 3: there is no 2026-02-30 in the calendar').waitFor();
    await page.getByRole('button', { name: 'Add one date' }).click();
    await page.getByRole('button', { name: /July 3: holiday, Summer party/ }).waitFor();
    await create.click();
    await page.getByRole('heading', { name: 'The desk', level: 1 }).waitFor();
    await goto('/calendars/the-desk?year=2026');
    await page.getByRole('button', { name: /December 28: blackout, year end close/ }).focus();
    await page.getByRole('tooltip', { name: 'blackout: year end close' }).waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Remove Rule 2: Blackout' }).click();
    await page.getByRole('textbox', { name: 'Why it is changed' }).fill('open over New Year');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByRole('link', { name: 'Compare' }).click();
    await goto('/calendars/the-desk/compare?from=1&to=2&year=2026');
    await page.getByRole('row', { name: /Dec 28, 2026 . opened blackout: year end close business day/ }).waitFor();
    await shot(page, 'calendar-compare');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
