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
import { administrator, hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

/** Addresses and a text that is there once they have loaded. `RUN` is a run with rejected rows, `USER` the administrator. */
const addresses: [address: string, landmark: string][] = [
  ['/', 'Recent runs'],
  ['/flows', 'Flight delays by airport and day'],
  ['/flows?q=nothing-has-this-name', 'No flow matches these filters'],
  ['/flows/new', 'or paste the document below'],
  ['/flows/mifir-daily', 'Trades of the day'],
  ['/flows/mifir-daily?run=true', 'Start the run'],
  ['/flows/mifir-daily?tab=runs', '1 run'],
  ['/flows/mifir-daily?tab=versions', 'Version 1'],
  ['/flows/mifir-daily?view=steps', 'Add a parameter'],
  ['/flows/mifir-daily?view=steps&step=checks', 'Runs after'],
  ['/flows/new?view=steps', 'Add the first step'],
  ['/runs', 'Rows out'],
  ['/runs?state=cancelled', 'No run matches these filters'],
  ['/operate/dead-letters', 'No dead letters'],
  ['/operate/backfills', 'No backfills'],
  ['/operate/performance', 'No performance tests'],
  ['/runs/RUN', 'Artifacts'],
  ['/runs/RUN?step=checks', 'Ten rules'],
  ['/runs/RUN?tab=timeline', '100 %|s'],
  ['/runs/RUN?tab=logs', 'lines'],
  ['/runs/RUN?tab=logs&q=e', '1 of'],
  ['/runs/RUN?tab=rows&which=rejected', '_reason'],
  ['/flows/branches', 'gives prices'],
  ['/runs/ITEMS', 'Outputs'],
  ['/runs/ITEMS?step=price&tab=items', '12 of 12 done'],
  ['/runs/ITEM', 'for [a-l]e'],
  ['/runs/RUN?tab=why', 'Nothing to explain'],
  ['/approvals', 'Release the payments'],
  ['/approvals?state=decided', 'Nothing was decided yet'],
  ['/approvals/APPROVAL', 'Who can decide'],
  ['/runs/WAITING?step=sign', 'Open the approval'],
  ['/notifications', 'Prices are late'],
  ['/notifications?severity=critical', 'No notification matches these filters'],
  ['/profile/notifications', 'What is critical comes at once'],
  ['/admin/notifications', 'The end of a run'],
  ['/admin/notifications?tab=channels', 'In the pages'],
  ['/admin/notifications?tab=teams', 'No teams yet'],
  ['/admin/notifications?tab=templates', 'Several at once'],
  ['/admin/notifications?tab=messages', 'Prices are late'],
  ['/calendars', 'Euronext cash markets'],
  ['/calendars?q=nothing-has-this-name', 'No such calendar'],
  ['/calendars/new', 'business days'],
  ['/calendars/NYSE?year=2027', 'Good Friday'],
  ['/calendars/desk?year=2026', 'year end close'],
  ['/calendars/desk/edit', 'business days'],
  ['/calendars/desk/edit?import=true', 'CSV or ICS file'],
  ['/calendars/desk/compare?from=1&to=2&year=2026', 'closed'],
  ['/schedules', 'At 18:00, every business day of TARGET'],
  ['/schedules?q=nothing-has-this-name', 'No schedule matches these filters'],
  ['/schedules/new', 'What it will do'],
  ['/schedules/evening?day=2026-12-25', 'Christmas Day in TARGET'],
  ['/schedules/evening?day=2026-12-25&view=week', 'Christmas Day in TARGET'],
  ['/schedules/evening?tab=next', 'for 20|At 18:00'],
  ['/schedules/evening?tab=history', 'Nothing was due yet|1 moment'],
  ['/schedules/evening?tab=why&day=2026-12-25', 'Christmas Day'],
  ['/schedules/evening?tab=settings', 'What it will do'],
  ['/flows/mifir-daily?tab=schedules', 'Every evening'],
  ['/artifacts', '1 artifact'],
  ['/artifacts?tab=deliveries', '1 delivery'],
  ['/triggers', 'Prices came'],
  ['/triggers?q=nothing-has-this-name', 'No trigger matches these filters'],
  ['/triggers/new', 'File arrival'],
  ['/triggers/new?kind=file&flow=mifir-daily', 'Ending of the marker file'],
  ['/triggers/prices-came', 'Nothing came yet'],
  ['/triggers/prices-came?tab=settings', 'What expressions see'],
  ['/flows/mifir-daily?tab=triggers', 'Prices came'],
  ['/connections', 'demo-data'],
  ['/connections?folder=no-such-folder', 'No connection matches these filters'],
  ['/credentials', 'No credentials yet'],
  ['/credentials/new', 'Certificate with key'],
  ['/credentials/new?type=ssh', 'Private key'],
  ['/admin/vault', 'Master key of this process'],
  ['/admin/backups', 'No backups yet'],
  ['/connections/new', 'SFTP server'],
  ['/connections/new?type=sftp', 'Host key'],
  ['/connections/regulator', 'A secret is stored'],
  ['/targets', 'web01.example.com'],
  ['/targets?tag=no-such-tag', 'No host matches these filters'],
  ['/targets/web01.example.com', 'It is reached directly'],
  ['/targets/web01.example.com?tab=settings', 'Trust the host key'],
  ['/targets/web01.example.com?tab=runs', 'No run has opened it'],
  ['/new-target', 'Private key|How it is reached'],
  ['/target-groups', 'Web servers'],
  ['/terminal', 'No terminal asks'],
  ['/terminal?challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&title=command%20line%20on%20web01', 'Let it in'],
  ['/files', 'No files yet'],
  ['/colors/desk', 'Waiting in the buffer'],
  ['/colors/automation', 'Morning colors'],
  ['/colors/buffer', 'CUSIP 37833100'],
  ['/colors/buffer?tab=uploads', 'Pasted'],
  ['/colors/buffer?which=removed', 'No color fits'],
  ['/colors/sessions', 'By hand'],
  ['/colors/sessions/SESSION', '594918104'],
  ['/colors/sessions/SESSION?panel=history', 'Coloured red'],
  ['/colors/sessions/SESSION?why=ROW', 'What was done to it'],
  ['/colors/columns', 'Morning runs'],
  ['/colors/columns?source=morning-runs', 'Save a new version'],
  ['/colors/rules', 'Dealer contains retail'],
  ['/colors/rules?archived=true', 'No archived rules'],
  ['/colors/rules/new?kind=color', 'In the buffer now'],
  ['/colors/search?text=exmp', 'Example Corp'],
  ['/colors/search?sector=none', 'No color matches these filters'],
  ['/colors/securities/037833100', 'Prices by day|Last PX'],
  ['/colors/processings', '1 processing'],
  ['/colors/processings?kind=manual', 'No processing matches these filters'],
  ['/colors/processings/1', '2 rows'],
  ['/colors/processings/1?tab=excluded', '1 row'],
  ['/colors/processings/1?tab=rules', 'excludes'],
  ['/colors/processings/1?line=2', 'Child 1 of line 1'],
  ['/admin/users', 'Ada Lovelace'],
  ['/admin/users/USER', 'No API tokens'],
  ['/admin/users/01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'There is no such user'],
  ['/admin/service-accounts', 'No service accounts'],
  ['/admin/workspaces', 'Members of Main'],
  ['/admin/roles', 'Who may do what'],
  ['/admin/roles/operator', 'What it allows'],
  ['/admin/grants', 'No grants yet'],
  ['/admin/separation', 'Nothing is kept apart'],
  ['/admin/access', 'do this'],
  ['/profile/delegations', 'Nothing is lent'],
  ['/admin/audit', 'entries'],
  ['/admin/audit?action=run.started', 'run.started'],
  ['/admin/audit?action=file.removed', 'Nothing matches these filters'],
  ['/admin/sso', 'login.acme.example'],
  ['/admin/sso/acme', 'Client secret'],
  ['/admin/sso/acme?tab=rules', 'Dry run'],
  ['/admin/sso/acme?tab=people', 'Nobody is linked yet'],
  ['/admin/mail', 'No mail yet'],
  ['/admin/security', 'Outgoing connections'],
  ['/admin/system', 'Steps per minute'],
  ['/profile', 'API tokens'],
  ['/nowhere', 'There is nothing at this address'],
];
const openAddresses: typeof addresses = [
  ['/sign-in', 'Sign in with Acme'],
  ['/sign-in/failed?reason=sso.domain', 'is not of a domain'],
  ['/sign-in/second-step?methods=app+recovery', 'Six digits of your app'],
  ['/forgotten-password', 'We mail you a link'],
  ['/register', 'We mail you a link'],
  ['/account-link/a-link-that-was-never-made', 'There is no such link'],
  ['/welcome/a-link-that-was-never-made', 'A one-time link works once'],
];

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
  await vi.waitUntil(async () => isFinal((await product.client.call(showRun, { params: { id: items } })).state), { timeout: 60_000, interval: 200 });
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
  await vi.waitUntil(async () => (await open()) !== '', { timeout: 60_000, interval: 200 });
  approval = await open();
}

const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The rules that look at colours: all that the second scheme of the same page can break. */
const ofColours = ['color-contrast', 'link-in-text-block'];

async function violationsOf(page: Page, rules: string[] = all): Promise<string[]> {
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

/** One visit serves both schemes: the page follows the system's, as it does for a person whose evening begins. */
async function inspect(visitor: Visitor, [address, landmark]: [string, string]): Promise<string[]> {
  const { page, complaints } = visitor;
  complaints.length = 0;
  const ids = { RUN: run, ITEMS: items, ITEM: item, USER: user, APPROVAL: approval, WAITING: waiting, SESSION: session.id, ROW: session.row };
  await visitor.goto(Object.entries(ids).reduce((text, [name, id]) => text.replace(name, id), address));
  await page.getByText(new RegExp(landmark)).filter({ visible: true }).first().waitFor({ timeout: 90_000 });
  await vi.waitUntil(async () => (await page.locator('[aria-busy=true]').count()) === 0, { timeout: 90_000, interval: 50 });
  if (/^\/(?:runs\/RUN|flows\/mifir-daily$)/.test(address)) await page.locator('.react-flow__node').first().waitFor();
  const found: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor({ state: 'attached' });
    // Colours that still change are those of no scheme.
    await vi.waitUntil(() => page.evaluate<boolean>(isStill), { timeout: 90_000, interval: 30 });
    const sideways = await page.evaluate<number>(sidewaysScroll);
    found.push(...(await violationsOf(page, scheme === 'light' ? all : ofColours)).map((fault) => `${scheme}: ${fault}`));
    if (sideways > 0) found.push(`${scheme}: scrolls sideways by ${sideways} px`);
    if (page.viewportSize()?.width === 390) found.push(...(await page.evaluate<string[]>(spilling)).map((cell) => `spills over: ${cell}`));
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return [...found, ...complaints].map((fault) => `${address}: ${fault}`);
}

describe.skipIf(!hasBrowser)('every screen', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    await prepare();
  });
  afterAll(() => product?.stop());

  test.each([1440, 390])('is accessible and keeps its width, light and dark: %i px', { timeout: 900_000 }, async (width) => {
    const options = { colorScheme: 'light', viewport: { width, height: width === 390 ? 844 : 900 } } as const;
    const found: string[] = [];
    const inside = await product.signedIn(options);
    await told();
    user ||= (await product.client.call(listUsers)).find(({ name }) => name === administrator.name)?.id ?? '';
    for (const place of addresses) found.push(...(await inspect(inside, place)));
    await inside.context.close();
    const outside = await product.open(options);
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
