// What every command gets: the printer, the client of the server it talks to, and the signal of Ctrl+C.
import { type Client, type ClientOptions, createClient } from '@tidewheel/client/client';
import { InvalidInput, NotSignedIn } from '@tidewheel/contract/errors';
import { readCredentials } from './credentials.ts';
import { interrupted } from './interrupt.ts';
import { authOf, exchangeKept } from './kept-session.ts';
import { Printer } from './output/printer.ts';

export interface CommonOptions {
  json?: true | undefined;
  url?: string | undefined;
  workspace?: string | undefined;
}

export interface Context {
  print: Printer;
  /** Aborts at Ctrl+C. */
  interrupted: AbortSignal;
  /** The origin that --url, TIDEWHEEL_URL or the last login names; null when none does. */
  origin(): Promise<string | null>;
  /** A client with the user's token. @throws NotSignedIn */
  client(): Promise<Client>;
  /** A client that may have no token, for what is open to all. */
  openClient(): Promise<Client>;
}

const defaultOrigin = 'http://127.0.0.1:8080';

export function makeContext(options: CommonOptions): Context {
  const origin = async () => originOf(options.url ?? process.env.TIDEWHEEL_URL) ?? (await readCredentials()).current;
  const workspace = options.workspace ?? (process.env.TIDEWHEEL_WORKSPACE || undefined);
  return {
    print: new Printer({ isJson: options.json === true }),
    interrupted,
    origin,
    async client() {
      const server = await origin();
      const proof = await proofFor(server, workspace);
      if (!proof) throw notSignedIn(server);
      return createClient({ origin: server ?? defaultOrigin, ...proof });
    },
    async openClient() {
      const server = await origin();
      return createClient({ origin: server ?? defaultOrigin, ...(await proofFor(server, workspace)) });
    },
  };
}

async function proofFor(server: string | null, wanted: string | undefined): Promise<Pick<ClientOptions, 'token' | 'auth' | 'workspace'> | undefined> {
  if (process.env.TIDEWHEEL_TOKEN) return { token: process.env.TIDEWHEEL_TOKEN, workspace: wanted };
  const kept = server === null ? undefined : (await readCredentials()).servers[server];
  if (server === null || kept === undefined) return undefined;
  const workspace = wanted ?? kept.workspace;
  if ('token' in kept) return { token: kept.token, workspace };
  // The tokens of a session are for one workspace at a time: it is taken to the one that is wanted.
  const session = workspace === kept.workspace ? kept.session : await exchangeKept(server, kept.session, workspace);
  return { auth: authOf(server, session, workspace), workspace };
}

/** The origin of an address as people paste it, with or without scheme and path. @throws InvalidInput */
export function originOf(address: string | undefined): string | null {
  if (!address) return null;
  const withScheme = /^https?:\/\//i.test(address) ? address : `${/^(localhost|127\.|\[::1\])/.test(address) ? 'http' : 'https'}://${address}`;
  if (!URL.canParse(withScheme))
    throw new InvalidInput('server.address', `"${address}" is not the address of a server`, { hint: 'Give it like https://tidewheel.example.org.' });
  return new URL(withScheme).origin;
}

function notSignedIn(server: string | null): NotSignedIn {
  return new NotSignedIn('cli.not_signed_in', server === null ? 'You are not signed in to a server.' : `You are not signed in to ${server}.`, {
    hint: server === null ? 'Run `tidewheel login`.' : `Run \`tidewheel login --url ${server}\`.`,
  });
}
