// A running product with the built web pages and a real browser at it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Client, createClient } from '@tidewheel/client/client';
import { NotFound, Unreachable } from '@tidewheel/contract/errors';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { startTestServer, type TestServer } from '../../../packages/server/src/testing/server.ts';

/** Debian's, unless CHROMIUM names another one. */
const chromiumPath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((candidate) => existsSync(candidate));
export const hasBrowser = chromiumPath !== undefined;

const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export const administrator = { email: 'ada@example.org', name: 'Ada Lovelace', password: 'correct horse battery staple' };

export interface WebProduct {
  server: TestServer;
  browser: Browser;
  /** With the token that the server left for its own machine. */
  client: Client;
  /** A fresh window: nobody is signed in. */
  open(options?: BrowserContextOptions): Promise<Visitor>;
  /** A window of the administrator, whose account is made on first use. */
  signedIn(options?: BrowserContextOptions): Promise<Visitor>;
  stop(): Promise<void>;
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** What the browser complained about: exceptions, refused scripts and styles, answers that should not have been. */
  complaints: string[];
  goto(address: string): Promise<void>;
}

export async function startWebProduct(environment: Record<string, string> = {}): Promise<WebProduct> {
  const server = await startTestServer({ environment: { TIDEWHEEL_WEB_DIST: await builtWeb(), ...environment } });
  const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: quietly });
  const open = async (options: BrowserContextOptions = {}) =>
    visit(await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options }), server.origin);
  let session: Awaited<ReturnType<BrowserContext['storageState']>> | null = null;
  return {
    server,
    browser,
    client: await localClient(server),
    open,
    async signedIn(options = {}) {
      session ??= await makeAdministrator(await open(), server);
      return open({ ...options, storageState: session });
    },
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

/** The pages as `npm start` serves them, built anew when their sources changed. */
async function builtWeb(): Promise<string> {
  const script = new URL('../../../scripts/build-web.mjs', import.meta.url).href;
  const build = (await import(script)) as { webDist: string; ensureWebBuilt(node: string): Promise<boolean> };
  if (!(await build.ensureWebBuilt(process.execPath))) throw new Unreachable('test.web', 'The web pages could not be built.');
  return build.webDist;
}

async function localClient(server: TestServer): Promise<Client> {
  const { origin, token } = JSON.parse(await readFile(path.join(server.dataFolder, 'cli-token.json'), 'utf8')) as { origin: string; token: string };
  return createClient({ origin, token });
}

async function visit(context: BrowserContext, origin: string): Promise<Visitor> {
  const page = await context.newPage();
  // A busy machine is no failure: what never comes still fails, later.
  page.setDefaultTimeout(90_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A browser reports each refused call by itself; the journeys that provoke one look at the page instead.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return { context, page, complaints, goto: async (address) => void (await page.goto(new URL(address, origin).href)) };
}

/** Without the page of the link, which the first steps walk through. */
async function makeAdministrator({ context }: Visitor, server: TestServer) {
  if (server.firstLink === null) throw new NotFound('test.first_link', 'The server has no first link: its administrator is made already.');
  const token = new URL(server.firstLink).pathname.split('/').at(-1) ?? '';
  const answer = await context.request.post(`${server.origin}/api/auth/links/${token}`, { headers: { origin: server.origin }, data: administrator });
  if (!answer.ok()) throw new Unreachable('test.first_link', `The first link made no administrator: ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}
