// A person switches codes by mail on from a terminal, signs in with one, and looks after a passkey that a browser made.
import { createClient } from '@tidewheel/client/client';
import { acceptLink, addPasskey, beginPasskey, updateMailSettings } from '@tidewheel/client/routes';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cookieFetch } from '../../../packages/cli/src/cookie-fetch.ts';
import { openShell, type Shell } from '../../../packages/cli/src/testing/shell.ts';
import { Authenticator } from '../../../packages/server/src/platform/identity/testing/authenticator.ts';
import { type SmtpHost, startSmtp } from '../../../packages/server/src/platform/mail/testing/smtp-host.ts';
import { type Product, startProduct } from '../bad-input/product.ts';

let product: Product;
let smtp: SmtpHost;
let shell: Shell;
let recoveryCodes: string[] = [];
const vera = { email: 'vera@example.org', name: 'Vera', password: 'another long secret' };

const found = (pattern: RegExp) => smtp.mails.flatMap((mail) => pattern.exec(mail.replace(/=\r\n/g, ''))?.[1] ?? []);
async function mailed(pattern: RegExp, count = 1): Promise<string> {
  await vi.waitUntil(() => found(pattern).length === count, { timeout: 90_000, interval: 50 });
  return found(pattern).at(-1) ?? '';
}

/** On a terminal, answering the prompts as they come. */
function answering(where: Shell, args: string[], answers: [RegExp, string | (() => Promise<string>)][]) {
  const left = [...answers];
  return where.onTerminal(args, {
    keepStdinOpen: true,
    onOutput: (output, child) => {
      const [prompt, answer] = left[0] ?? [];
      if (!prompt?.test(output) || answer === undefined) return;
      left.shift();
      void Promise.resolve(typeof answer === 'string' ? answer : answer()).then((text) => child.stdin?.write(`${text}\r`));
    },
  });
}

beforeAll(async () => {
  smtp = await startSmtp({ disabledCommands: ['STARTTLS', 'AUTH'] });
  product = await startProduct();
  const { client, server } = product;
  await client.call(updateMailSettings, { body: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'tidewheel@example.org' } });
  await product.shell.tidewheel(['user', 'invite', vera.email, '--role', 'viewer']);
  await createClient({ origin: server.origin }).call(acceptLink, { params: { token: await mailed(/welcome\/([\w-]+)/) }, body: vera });
  shell = await openShell();
  const entered = await answering(shell, ['login', '--url', server.origin, '--email', vera.email], [[/Password:/, vera.password]]);
  expect(entered).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await product?.stop();
  await smtp?.close();
});

test('codes by mail are switched on with the password, and bring recovery codes', async () => {
  expect(await shell.tidewheel(['second-factor', 'show'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Codes by mail      off') });
  const wrong = await answering(shell, ['second-factor', 'email', 'on'], [[/Password:/, 'not the password']]);
  expect(wrong).toMatchObject({ code: 2, stdout: expect.stringContaining('Your present password is another one') });
  const on = await answering(shell, ['second-factor', 'email', 'on'], [[/Password:/, vera.password]]);
  expect(on).toMatchObject({ code: 0 });
  recoveryCodes = on.stdout.match(/[a-z2-7]{4}(-[a-z2-7]{4}){3}/g) ?? [];
  expect(new Set(recoveryCodes).size).toBe(10);
  expect((await shell.tidewheel(['second-factor', 'show', '--json'])).json<object>()).toMatchObject({ on: true, app: false, email: { on: true } });
});

test('signing in mails a code and asks for it', async () => {
  const other = await openShell();
  const entered = await answering(
    other,
    ['login', '--url', product.server.origin, '--email', vera.email],
    [
      [/Password:/, vera.password],
      [/Code mailed to v•••@example.org/, () => mailed(/^(\d{6})\r?$/m)],
    ],
  );
  expect(entered).toMatchObject({ code: 0, stdout: expect.stringContaining(`as ${vera.email}`) });
});

test('a passkey is listed, renamed and removed with the password and a recovery code', async () => {
  const { origin } = product.server;
  const browser = createClient({ origin, token: await tokenOf(shell), fetch: cookieFetch(origin) });
  const device = new Authenticator(origin.replace('127.0.0.1', 'localhost'));
  const options = await browser.call(beginPasskey, { body: { password: vera.password, code: recoveryCodes[0] } });
  const { passkey } = await browser.call(addPasskey, { body: { title: 'Phone', credential: device.create(options) } });
  expect(await shell.tidewheel(['passkey', 'list'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Phone') });
  expect(await shell.tidewheel(['passkey', 'rename', passkey.id, 'Old phone'])).toMatchObject({ code: 0, stdout: 'Renamed to Old phone.\n' });
  const removed = await answering(
    shell,
    ['passkey', 'remove', passkey.id],
    [
      [/Password:/, vera.password],
      [/Recovery code:/, recoveryCodes[1] ?? ''],
    ],
  );
  expect(removed).toMatchObject({ code: 0, stdout: expect.stringContaining('Removed') });
  expect((await shell.tidewheel(['passkey', 'list', '--json'])).json<object[]>()).toEqual([]);
});

test('within ten minutes of signing in nothing is asked, also of who has no code that a terminal could take', async () => {
  const young = await openShell();
  const login = ['login', '--url', product.server.origin, '--session', '--email', vera.email];
  const entered = await answering(young, login, [
    [/Password:/, vera.password],
    [/or a recovery code/, recoveryCodes[2] ?? ''],
  ]);
  expect(entered).toMatchObject({ code: 0 });
  const codes = await young.tidewheel(['second-factor', 'codes', '--json']);
  expect(codes).toMatchObject({ code: 0 });
  recoveryCodes = codes.json<{ recoveryCodes: string[] }>().recoveryCodes;
  expect(recoveryCodes).toHaveLength(10);
});

async function tokenOf(where: Shell): Promise<string> {
  return (await where.tidewheel(['token', 'create', 'for a browser', '--days', '1'])).stdout.trim();
}
