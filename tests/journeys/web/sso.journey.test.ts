// An administrator adds a provider and tries rules; a person signs in through it in the same browser as everybody.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { type OidcHost, oidcClient, startOidc } from '../../../packages/server/src/platform/identity/testing/oidc-host.ts';
import { codeOf } from '../../../packages/server/src/platform/identity/testing/totp-code.ts';
import { Wanderer } from '../../../packages/server/src/platform/identity/testing/wanderer.ts';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let host: OidcHost;
let admin: Visitor;
const shots = process.env.SSO_SHOTS;

beforeAll(async () => {
  if (!hasBrowser) return;
  product = await startWebProduct();
  const { origin } = product.server;
  host = await startOidc({ redirectUris: [`${origin}/api/auth/sso/acme/callback`], returnTo: [`${origin}/sign-in`] });
  host.people.set('ada', { email: 'ada.b@acme.example', email_verified: true, name: 'Ada B', groups: ['tide-operators'] });
  host.people.set('eve', { email: 'eve@evil.example', email_verified: true, name: 'Eve', groups: ['tide-operators'] });
  admin = await product.signedIn();
});
afterAll(async () => {
  await host?.stop();
  await product?.stop();
});

/** Set up by Ada herself, in another browser. */
async function secondFactorOfAda(): Promise<{ secret: string }> {
  const ada = new Wanderer(product.server.origin);
  host.visitor = 'ada';
  await ada.signIn('acme');
  host.visitor = null;
  const { body } = await ada.call<{ secret: string }>('POST', '/api/auth/second-factor', {});
  expect((await ada.call('POST', '/api/auth/second-factor/confirm', { code: codeOf(body.secret) })).status).toBe(200);
  return body;
}

async function shoot({ page }: Visitor, name: string): Promise<void> {
  if (shots === undefined) return;
  for (const [scheme, width] of [
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate((value) => localStorage.setItem('mantine-color-scheme-value', value), scheme);
    await page.evaluate((value) => document.documentElement.setAttribute('data-mantine-color-scheme', value), scheme);
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${shots}/${name}-${scheme}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => document.documentElement.setAttribute('data-mantine-color-scheme', 'light'));
}

test.skipIf(!hasBrowser)('an administrator adds a provider, which is checked before', async () => {
  const { page, goto } = admin;
  await goto('/admin/sso');
  await page.getByRole('heading', { name: 'No provider yet' }).waitFor();
  await shoot(admin, 'empty');
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByLabel('Title', { exact: false }).fill('Acme');
  await page.getByLabel('Name', { exact: false }).fill('acme');
  await page.getByLabel('Issuer', { exact: false }).fill(host.issuer);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('It answers: signs with').waitFor();
  await page.getByLabel('Client id', { exact: false }).fill(oidcClient.clientId);
  await page.getByLabel('Client secret', { exact: true }).fill(oidcClient.clientSecret);
  await page.getByRole('combobox', { name: 'Scopes' }).fill('groups');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'E-mail domains' }).fill('acme.example');
  await page.keyboard.press('Enter');
  await page.getByRole('switch', { name: 'People without an account get one' }).click({ force: true });
  await shoot(admin, 'form');
  await page.getByRole('button', { name: 'Add the provider' }).click();
  await page.getByRole('heading', { name: 'Acme', level: 1 }).waitFor();
  await page.getByText(`${product.server.origin}/api/auth/sso/acme/callback`).waitFor();
  await shoot(admin, 'settings');
});

test.skipIf(!hasBrowser)('rules are tried on pasted claims before they are saved', async () => {
  const { page } = admin;
  await page.getByRole('tab', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.getByLabel('Value of rule 1').fill('tide-operators');
  await page.getByRole('combobox', { name: 'Role of rule 1' }).fill('operator');
  await page.getByText('Pasted claims', { exact: true }).click();
  const people = [...host.people].map(([sub, claims]) => ({ sub, ...claims }));
  await page.getByLabel('Claims', { exact: true }).fill(JSON.stringify(people));
  await page.getByRole('button', { name: 'Try the rules' }).click();
  const table = page.getByRole('table', { name: 'Outcome of the dry run' });
  await table.getByText('no role → operator').waitFor();
  await table.getByText('is not of a domain').waitFor();
  await shoot(admin, 'rules');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByText('they hold from the next sign-in').first().waitFor();
});

test.skipIf(!hasBrowser)('a person signs in through the provider, lands where it wanted to go, and signs out', async () => {
  const visitor = await product.open();
  const { page, goto, complaints } = visitor;
  await goto('/runs?state=failed');
  await page.getByRole('button', { name: 'Sign in with Acme' }).waitFor();
  await shoot(visitor, 'sign-in');
  await page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await page.getByLabel('Subject').fill('ada');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get('state')).toBe('failed');
  await page.getByRole('button', { name: 'My menu' }).click();
  await page.getByText('Ada B · operator').waitFor();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(complaints).toEqual([]);
});

/** Runs it; the address that it prints, as soon as it is there, and how it ends. */
function loggingIn(shell: Shell, more: string[]) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const options = {
    keepStdinOpen: true,
    env: { BROWSER: '' },
    onOutput: (output: string, child: { stdin: NodeJS.WritableStream | null }) => {
      const [address] = /http:\S+\/terminal\?\S+/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
      paste = (code) => child.stdin?.write(`${code}\r`);
    },
  };
  let paste = (_code: string): unknown => undefined;
  const args = ['login', '--url', product.server.origin, ...more];
  const ended = more.includes('--paste') ? shell.onTerminal(args, options) : shell.tidewheel(args, options);
  return { address: promise, ended, paste: (code: string) => paste(code) };
}

test.skipIf(!hasBrowser)('a command line signs in by the browser and the provider, gets a code by hand, and is refused', async () => {
  const [visitor, shell] = [await product.open(), await openShell()];
  const { page, complaints } = visitor;
  const login = loggingIn(shell, ['--browser', '--session']);
  await page.goto(await login.address);
  host.visitor = 'ada';
  await page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await page.getByText('wants to sign in as ada.b@acme.example').waitFor();
  await shoot(visitor, 'terminal');
  await page.getByRole('button', { name: 'Let it in' }).click();
  await page.getByText('The terminal is signed in').waitFor();
  expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('as ada.b@acme.example (operator') });
  expect((await shell.tidewheel(['session', 'list', '--json'])).json<{ kind: string; current: boolean }[]>()).toContainEqual(
    expect.objectContaining({ kind: 'api', current: true }),
  );

  const byHand = loggingIn(shell, ['--paste']);
  await page.goto(await byHand.address);
  await page.getByRole('button', { name: 'Let it in' }).click();
  byHand.paste(await page.getByLabel('Code for the terminal', { exact: true }).inputValue());
  expect(await byHand.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('as ada.b@acme.example (operator') });
  expect((await shell.tidewheel(['token', 'list'])).stdout).toContain('command line on');

  const unwanted = loggingIn(shell, ['--browser']);
  await page.goto(await unwanted.address);
  await page.getByRole('button', { name: 'Do not' }).click();
  await page.getByText('The terminal was not let in').waitFor();
  expect(await unwanted.ended).toMatchObject({ code: 4, stderr: expect.stringContaining('did not let this terminal in') });
  host.visitor = null;
  expect(complaints).toEqual([]);
});

test.skipIf(!hasBrowser)('whom the provider may not send is told why; a code that is due is asked', async () => {
  const visitor = await product.open();
  const { page, goto } = visitor;
  await goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await page.getByLabel('Subject').fill('eve');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('not of a domain that may sign in').waitFor();
  await shoot(visitor, 'failed');
  await page.getByRole('link', { name: 'Back to sign-in' }).click();
  await page.getByRole('button', { name: 'Sign in with Acme' }).waitFor();
  const { secret } = await secondFactorOfAda();
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await page.getByLabel('Subject').fill('ada');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Code of your second factor').fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('This code is wrong').waitFor();
  await shoot(visitor, 'second-step');
  await page.getByLabel('Code of your second factor').fill(codeOf(secret, 1));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
});

test.skipIf(!hasBrowser)('an administrator sees who is linked, links an account of its own, and what rules without that group would do', async () => {
  const { page, goto, complaints } = admin;
  await goto('/admin/sso/acme?tab=people');
  await page.getByText('ada.b@acme.example').first().waitFor();
  await shoot(admin, 'people');
  await page.getByRole('tab', { name: 'Roles' }).click();
  await page.getByRole('button', { name: 'Remove rule 1' }).click();
  await page.getByRole('button', { name: 'Try the rules' }).click();
  await page.getByRole('table', { name: 'Outcome of the dry run' }).getByText('loses access').waitFor();
  await shoot(admin, 'loses');
  host.visitor = 'eve';
  await goto('/profile');
  await page.getByRole('button', { name: 'Link my account at Acme' }).click();
  await page.getByText('Acme as eve@evil.example').waitFor();
  await shoot(admin, 'profile');
  expect(complaints).toEqual([]);
});
