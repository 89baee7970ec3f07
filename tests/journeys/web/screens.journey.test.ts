// Every address, light and dark, at a desk and on a phone: accessible by axe's rules, never scrolling sideways, without a complaint of the browser.
import {
  applyFlow,
  changeCalendar,
  createCalendar,
  createColorRule,
  createColorSource,
  createConnection,
  createSchedule,
  createSsoProvider,
  createTarget,
  createTargetGroup,
  createTrigger,
  inviteUser,
  listApprovals,
  listMessages,
  listRuns,
  listUsers,
  pasteColors,
  raiseNotification,
  saveRule,
  saveSsoMapping,
  setTriggerSecret,
  showRun,
  startRun,
} from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { arrangedSession } from './arranged-session.ts';
import { branchesFlow } from './control-flow-document.ts';
import { addresses, openAddresses, type Place } from './screens-addresses.ts';
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}
/** Cells of cards whose content runs under the next one. */
const spilling =
  '[...document.querySelectorAll("td[data-title]")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.dataset.title + ": " + cell.textContent)';
const isStill = 'document.getAnimations().every((one) => one.effect.getComputedTiming().endTime === Infinity)';
const sidewaysScroll = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
let product: WebProduct;
let run = '';
/** One with items, and one of these. */
let items = '';
let item = '';
let user = '';
let approval = '';
let waiting = '';
let session = { id: '', row: '' };

async function prepareSchedule(): Promise<void> {
  const rules = [{ kind: 'businessDays' as const, at: ['18:00'] }];
  const definition = { flow: 'mifir-daily', timeZone: 'Europe/Paris', calendar: 'TARGET', rules };
  await product.client.call(createSchedule, { body: { ...definition, slug: 'evening', title: 'Every evening' } });
}

async function prepareCalendar(): Promise<void> {
  const target = { kind: 'calendar', calendar: 'TARGET' } as const;
  const closing = { kind: 'blackout', from: '2026-12-28', to: '2026-12-31', reason: 'year end close' } as const;
  await product.client.call(createCalendar, { body: { slug: 'desk', title: 'The desk', definition: { rules: [target] } } });
  await product.client.call(changeCalendar, { params: { slug: 'desk' }, body: { definition: { rules: [target, closing] }, note: 'closing' } });
}

async function prepareColors(): Promise<void> {
  const columns = { fields: { cusip: 'Cusip', px: 'Px', dealer: 'Bank' } };
  const condition = {
    any: [
      { field: 'dealer', operator: 'contains' as const, value: 'retail' },
      { field: 'px', operator: 'between' as const, value: 1, to: 20 },
    ],
  };
  await product.client.call(createColorRule, { body: { kind: 'exclude', title: 'Retail', condition } });
  await processed();
  session = await arrangedSession(product);
  await product.client.call(createColorSource, { body: { slug: 'morning-runs', title: 'Morning runs', columns } });
  await product.client.call(pasteColors, { body: { text: 'Cusip\tPx\tBank\n37833100\t98-16+\tALDR\n037833100\t98.75\tBRCH\n' } });
}

/** Three colors of one bond, of which the rule excludes one. */
async function processed(): Promise<void> {
  const rows = ['99.5\tALDR\tbid', '98.75\tBRCH\tbid', '98\tRetail desk\toffer'].map((row) => `037833100\tEXMP\tExample Corp\t2026-11-20\t${row}\n`);
  await product.client.call(pasteColors, { body: { text: `Cusip\tTicker\tIssuer\tDate\tPx\tDealer\tBias\n${rows.join('')}` } });
  const steps = '  take: { use: color.take }\n  rank: { use: color.rank, from: take }\n  keep: { use: color.keep, from: rank }\n';
  await product.client.call(applyFlow, { body: { source: `flow: morning-sheet\ntitle: Morning sheet\nkind: color\nsteps:\n${steps}` } });
  const { id } = await product.client.call(startRun, { params: { slug: 'morning-sheet' }, body: {} });
  await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id } })).state), { timeout: 90_000, interval: 200 });
}

async function prepareTrigger(): Promise<void> {
  const body = { slug: 'prices-came', title: 'Prices came', kind: 'webhook' as const, flow: 'mifir-daily', config: {} };
  await product.client.call(createTrigger, { body });
  await product.client.call(setTriggerSecret, { params: { slug: 'prices-came' }, body: {} });
}

async function prepare(): Promise<void> {
  await prepareCalendar();
  await prepareSchedule();
  await prepareTrigger();
  await prepareColors();
  await product.client.call(createConnection, {
    body: {
      slug: 'regulator',
      title: "Regulator's inbox",
      type: 'sftp',
      secret: { password: 'not a real one' },
      config: { host: 'sftp.example.com', user: 'tidewheel', hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY' },
    },
  });
  await product.client.call(createTargetGroup, { body: { slug: 'web', title: 'Web servers', query: '"web" in target.tags' } });
  await product.client.call(createTarget, {
    body: {
      name: 'web01.example.com',
      os: 'linux',
      address: '10.20.0.7',
      tags: ['web', 'nginx', 'production'],
      facts: { rack: 'B7', cpus: 8 },
      category: 'production/web',
    },
  });
  const acme = { slug: 'acme', title: 'Acme', issuer: 'https://login.acme.example', clientId: 'tidewheel', clientSecret: 'not a real one' };
  await product.client.call(createSsoProvider, { body: acme });
  await product.client.call(saveSsoMapping, {
    params: { slug: 'acme' },
    body: {
      rules: [{ operator: 'contains', value: 'operators', workspace: 'main', role: 'operator' }],
      otherwise: { workspace: 'main', role: 'viewer' },
    },
  });
  await product.client.call(inviteUser, { body: { email: 'a-long-address-of-somebody@department.example.org', role: 'viewer' } });
  run = (await product.client.call(startRun, { params: { slug: 'mifir-daily' }, body: {} })).id;
  await asked();
  await repeated();
  await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id: run } })).state), { timeout: 90_000, interval: 500 });
}

/** A run with items, of which one fails. */
async function repeated(): Promise<void> {
  await product.client.call(applyFlow, { body: { source: branchesFlow } });
  items = (await product.client.call(startRun, { params: { slug: 'branches' }, body: {} })).id;
  await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id: items } })).state), { timeout: 90_000, interval: 200 });
  item = (await product.client.call(listRuns, { query: { parent: items, step: 'price', limit: 1 } })).items[0]?.id ?? '';
}

/** Something that the administrator is told of, once she is there. */
async function told(): Promise<void> {
  await product.client.call(saveRule, {
    params: { slug: 'late' },
    body: { title: 'Late feeds', match: { kinds: ['feed.late'] }, to: { people: [administrator.email] }, channels: ['in-app'] },
  });
  const body = { kind: 'feed.late', severity: 'warning', title: 'Prices are late', text: 'XETR', idempotencyKey: 'told' } as const;
  await product.client.call(raiseNotification, { body });
  await vi.waitUntil(async () => (await product.client.call(listMessages, { query: {} })).total > 0, { timeout: 90_000, interval: 200 });
}

/** A run that waits for the administrator, whom the operator of the machine asks. */
async function asked(): Promise<void> {
  const steps = `  sum: { use: flow.value, with: { value: '1250' } }\n  sign: { use: approval, after: sum, with: { title: Release the payments?, approvers: ${administrator.email} } }\n`;
  await product.client.call(applyFlow, { body: { source: `flow: pay\ntitle: Payments\nsteps:\n${steps}` } });
  waiting = (await product.client.call(startRun, { params: { slug: 'pay' }, body: {} })).id;
  const open = async () => (await product.client.call(listApprovals, { query: { state: 'open' } })).items[0]?.id ?? '';
  await vi.waitUntil(async () => (await open()) !== '', { timeout: 90_000, interval: 200 });
  approval = await open();
}

const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours: all that the second scheme of the same page can break. */
const ofColours = ['color-contrast', 'link-in-text-block'];

async function violationsOf(page: Page, rules: readonly string[] = all): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResult>(`axe.run(document, { resultTypes: ["violations"], runOnly: ${JSON.stringify(rules)} })`);
  return violations.map(
    (violation) =>
      `${violation.id} (${violation.impact}): ${violation.nodes
        .map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`)
        .slice(0, 3)
        .join(' | ')}`,
  );
}

/** Until what was asked for is there and nothing moves: colours that still change are those of no scheme. */
async function settled(page: Page, [address, landmark]: Place): Promise<void> {
  await page.getByText(new RegExp(landmark)).filter({ visible: true }).first().waitFor();
  await vi.waitUntil(async () => (await page.locator('[aria-busy=true]').count()) === 0, { timeout: 90_000, interval: 50 });
  if (/^\/(?:runs\/RUN|flows\/mifir-daily$)/.test(address)) await page.locator('.react-flow__node').first().waitFor();
  await vi.waitUntil(() => page.evaluate<boolean>(isStill), { timeout: 90_000, interval: 30 });
}

/** One visit serves both widths and schemes: the page follows the window and the system, as it does for a person who turns a tablet when the evening begins. */
const looks = [
  { scheme: 'light', width: 1440, rules: all },
  { scheme: 'dark', width: 1440, rules: ofColours },
  { scheme: 'dark', width: 390, rules: ofColours },
  { scheme: 'light', width: 390, rules: all },
] as const;

async function inspect({ page, goto, complaints }: Visitor, place: Place): Promise<string[]> {
  complaints.length = 0;
  const ids = { RUN: run, ITEMS: items, ITEM: item, USER: user, APPROVAL: approval, WAITING: waiting, SESSION: session.id, ROW: session.row };
  await page.setViewportSize({ width: 1440, height: 900 });
  await goto(Object.entries(ids).reduce((text, [name, id]) => text.replace(name, id), place[0]));
  const found: string[] = [];
  for (const { scheme, width, rules } of looks) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' });
    await settled(page, place);
    const sideways = await page.evaluate<number>(sidewaysScroll);
    const faults = await violationsOf(page, rules);
    if (sideways > 0) faults.push(`scrolls sideways by ${sideways} px`);
    if (width === 390) faults.push(...(await page.evaluate<string[]>(spilling)).map((cell) => `spills over: ${cell}`));
    found.push(...faults.map((fault) => `${scheme}, ${width} px: ${fault}`));
  }
  return [...found, ...complaints].map((fault) => `${place[0]}: ${fault}`);
}

describe.skipIf(!hasBrowser)('every screen', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    await prepare();
  });
  afterAll(() => product?.stop());

  test('is accessible and keeps its width, light and dark, at a desk and on a phone', { timeout: 1_200_000 }, async () => {
    const found: string[] = [];
    const inside = await product.signedIn({ colorScheme: 'light' });
    await told();
    user = (await product.client.call(listUsers)).find(({ name }) => name === administrator.name)?.id ?? '';
    for (const place of addresses) found.push(...(await inspect(inside, place)));
    await inside.context.close();
    const outside = await product.open({ colorScheme: 'light' });
    for (const place of openAddresses) found.push(...(await inspect(outside, place)));
    await outside.context.close();
    expect(found).toEqual([]);
  });

  test('the inspection itself finds what is broken', async () => {
    const { page, goto, context } = await product.open();
    await goto('/sign-in');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<button></button><p style="color: #ccc; background: #fff; width: 3000px">pale and wide</p>');
    });
    const found = (await violationsOf(page)).join('\n');
    expect(found).toContain('button-name');
    expect(found).toContain('color-contrast');
    expect(await page.evaluate<number>(sidewaysScroll)).toBeGreaterThan(0);
    await context.close();
  });

  test('on a phone the menu opens, leads on and closes', async () => {
    const { page, goto, context } = await product.signedIn({ viewport: { width: 390, height: 844 } });
    await goto('/');
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' });
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await link.click();
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    await link.waitFor({ state: 'hidden' });
    await context.close();
  });

  test('with the keyboard alone a step of a run can be opened', async () => {
    const { page, goto, context } = await product.signedIn();
    await goto(`/runs/${run}`);
    await page.getByRole('button', { name: 'trades table.read' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to content');
    await page.getByRole('button', { name: 'trades table.read' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Step trades' }).waitFor();
    expect(new URL(page.url()).searchParams.get('step')).toBe('trades');
    await context.close();
  });
});
