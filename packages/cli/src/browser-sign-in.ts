// Signing in by the browser, however the person does that there: it lets this terminal in and hands it a code, by a loopback address (RFC 8252) or through the
// person's hands. Who reads the code on its way lacks the verifier (PKCE, RFC 7636).
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createClient } from '@tidewheel/client/client';
import { enterTerminal } from '@tidewheel/client/routes';
import { NotAllowed, TimedOut } from '@tidewheel/contract/errors';
import type { TokenPair } from '@tidewheel/contract/routes/tokens';
import { CommandFailed } from './command-failed.ts';
import { exitCodes } from './exit-codes.ts';
import { ask } from './input.ts';
import { interrupted } from './interrupt.ts';
import { openBrowser } from './open-browser.ts';

/** A provider may ask for much. */
const patienceMs = 10 * 60_000;

interface ByBrowser {
  origin: string;
  workspace: string | undefined;
  /** The browser runs on another machine: it shows a code to type here. */
  isElsewhere: boolean;
}
interface Entry {
  origin: string;
  challenge: string;
  enter(code: string): Promise<TokenPair>;
}

/** What this machine calls itself, in the browser and in the audit trail. */
export const terminalTitle = () => `command line on ${hostname()}`.slice(0, 100);
const random = () => randomBytes(32).toString('base64url');

/** @throws NotAllowed, NotSignedIn, TimedOut, CommandFailed at Ctrl+C */
export async function signInByBrowser({ origin, workspace, isElsewhere }: ByBrowser): Promise<TokenPair> {
  const verifier = random();
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const enter = (code: string) => createClient({ origin, workspace }).call(enterTerminal, { body: { code, verifier } });
  const entry: Entry = { origin, challenge, enter };
  return isElsewhere ? byHand(entry) : byLoopback(entry);
}

function pageOf({ origin, challenge }: Entry, more: Record<string, string> = {}): string {
  return `${origin}/terminal?${new URLSearchParams({ challenge, title: terminalTitle(), ...more })}`;
}

// On stderr also with --json: without the address nothing goes on.
function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function byHand(entry: Entry): Promise<TokenPair> {
  say(`Open this in a browser in which you can sign in:\n\n  ${pageOf(entry)}\n`);
  return entry.enter((await ask('Code that it shows:')).trim());
}

async function byLoopback(entry: Entry): Promise<TokenPair> {
  const state = random();
  const { promise, resolve, reject } = Promise.withResolvers<TokenPair>();
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams;
    // Any page in any browser here can call: only what the person let in knows the state.
    if (request.method !== 'GET' || asked.get('state') !== state) response.writeHead(404).end();
    else settle(entry, { code: asked.get('code'), response }).then(resolve, reject);
  });
  const timer = setTimeout(() => reject(tooLong()), patienceMs);
  const stop = () => reject(new CommandFailed(exitCodes.interrupted));
  interrupted.addEventListener('abort', stop);
  try {
    await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
    const page = pageOf(entry, { state, port: String((server.address() as AddressInfo).port) });
    say(`Your browser opens. If it does not, open this on this machine:\n\n  ${page}\n`);
    openBrowser(page);
    return await promise;
  } finally {
    clearTimeout(timer);
    interrupted.removeEventListener('abort', stop);
    server.close();
    server.closeAllConnections();
  }
}

const tooLong = () =>
  new TimedOut('login.browser_late', 'Nobody let this terminal in within ten minutes.', {
    hint: 'Run it again; where the browser is on another machine, with --paste.',
  });
const unwanted = () => new NotAllowed('login.browser_refused', 'The browser did not let this terminal in.');

/** The browser is told how it went before the command goes on. */
async function settle({ origin, enter }: Entry, { code, response }: { code: string | null; response: ServerResponse }): Promise<TokenPair> {
  const goOn = (outcome: string) =>
    new Promise<void>((sent) => response.writeHead(302, { location: `${origin}/terminal?outcome=${outcome}`, connection: 'close' }).end(sent));
  try {
    if (code === null) throw unwanted();
    const pair = await enter(code);
    await goOn('done');
    return pair;
  } catch (error) {
    await goOn(code === null ? 'refused' : 'failed');
    throw error;
  }
}
