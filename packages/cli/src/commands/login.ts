import { type Client, createClient } from '@tidewheel/client/client';
import { createToken, logIn, signIn, signOut, whoAmI } from '@tidewheel/client/routes';
import { InvalidInput, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import { signInByBrowser, terminalTitle } from '../browser-sign-in.ts';
import { command, contextOf } from '../command.ts';
import { originOf } from '../context.ts';
import { cookieFetch } from '../cookie-fetch.ts';
import { credentialsPath, type Kept, rememberServer } from '../credentials.ts';
import { ask, readSecret } from '../input.ts';
import { authOf } from '../kept-session.ts';
import { askSecondStep } from '../second-step.ts';
import { dataFolders, findLocalToken } from '../token-file.ts';

const tokenDays = 90;

export function login() {
  return command('login', {
    summary: 'Sign in to a server',
    description:
      'Without options it takes the token that a server on this machine left for its own user (cli-token.json in TIDEWHEEL_DATA or ~/.tidewheel).\nWith --url it asks for your e-mail and password and makes itself a token of 90 days; --token gives one that you have.\nWith --browser you sign in with your browser instead, through a provider, with a passkey or however you do there; with --paste that browser is on another machine and shows a code to paste here.\nWith --session it keeps a session instead, which ends after 7 days, or after the time without use that the rules of signing in set.\nWhat it has is kept in ~/.config/tidewheel/credentials.json, readable by you alone.',
    examples: [
      ['tidewheel login', 'the server on this machine'],
      ['tidewheel login --url https://tidewheel.example.org', 'asks for e-mail and password'],
      ['tidewheel login --url https://tidewheel.example.org --browser', 'single sign-on, or a passkey'],
      ['tidewheel login --url https://tidewheel.example.org --session', 'for a machine that is not yours alone'],
      ['tidewheel login --url https://tidewheel.example.org --token - < token.txt', 'a token from stdin'],
    ],
  })
    .option('--token <source>', 'an API token from stdin (-) or a file (@path); without this option TIDEWHEEL_TOKEN is used when it is set')
    .option('--session', 'keep a session that refreshes itself, not an API token of 90 days')
    .option('--browser', 'sign in with the browser of this machine: through a provider, with a passkey, or with a password there')
    .option('--paste', 'sign in with a browser elsewhere, which shows a code to paste here')
    .option('--email <address>', 'whose password to ask for')
    .option('--data <folder>', 'the data folder of a server on this machine, when it is not TIDEWHEEL_DATA or ~/.tidewheel')
    .action(async (options) => {
      const { print } = contextOf(options);
      const { origin, kept: found } = await credentialFor(options);
      const workspace = options.workspace ?? (process.env.TIDEWHEEL_WORKSPACE || undefined);
      const kept: Kept = workspace === undefined ? found : { ...found, workspace };
      // Kept first: a session that was never written down would live on for seven days.
      if ('session' in kept) await rememberServer(origin, kept);
      const me = await createClient('session' in kept ? { origin, auth: authOf(origin, kept.session, workspace), workspace } : { origin, ...kept }).call(
        whoAmI,
      );
      await rememberServer(origin, kept);
      print.result({ origin, email: me.email, role: me.role, workspace: me.workspace.slug, credentials: credentialsPath() }, () => {
        print.line(welcome(me, origin));
      });
    });
}

function welcome(me: Me, origin: string): string {
  return `Signed in to ${origin} as ${me.email} (${me.role} of ${me.workspace.title}).`;
}

interface LoginOptions {
  url?: string | undefined;
  token?: string | undefined;
  email?: string | undefined;
  data?: string | undefined;
  session?: true | undefined;
  browser?: true | undefined;
  paste?: true | undefined;
  workspace?: string | undefined;
}

function checkTogether({ session, browser, paste, email, data, token }: LoginOptions): void {
  if (session && (data !== undefined || token !== undefined))
    throw new InvalidInput('login.session', 'A session is made with your password or your browser, not with a token.', {
      hint: 'Leave out --token and --data.',
    });
  if ((browser || paste) && (data !== undefined || token !== undefined || email !== undefined))
    throw new InvalidInput('login.browser', 'Who signs in with the browser gives neither a token nor an e-mail here.', {
      hint: 'Leave out --token, --email and --data.',
    });
}

async function credentialFor(options: LoginOptions): Promise<{ origin: string; kept: Kept }> {
  checkTogether(options);
  if (options.data !== undefined) return localCredential([options.data]);
  const origin = originOf(options.url ?? process.env.TIDEWHEEL_URL);
  const byBrowser = options.browser === true || options.paste === true;
  const given = options.session || byBrowser ? undefined : await givenToken(options.token);
  if (origin === null && given === undefined && options.email === undefined && !options.session && !byBrowser) return localCredential(dataFolders());
  if (origin === null) throw new InvalidInput('login.url', 'Which server?', { hint: 'Give its address with --url.' });
  if (given !== undefined) return { origin, kept: { token: given } };
  const workspace = options.workspace ?? (process.env.TIDEWHEEL_WORKSPACE || undefined);
  if (byBrowser) return { origin, kept: await keptByBrowser({ origin, workspace, isElsewhere: options.paste === true }, options) };
  const signedIn = { origin, email: options.email, workspace };
  return { origin, kept: options.session ? await sessionByPassword(signedIn) : await tokenByPassword(signedIn) };
}

async function givenToken(source: string | undefined): Promise<string | undefined> {
  if (source === undefined) return process.env.TIDEWHEEL_TOKEN || undefined;
  const token = (await readSecret(source, 'A token')).trim();
  if (token === '') throw new InvalidInput('login.token', source === '-' ? 'There was no token on stdin' : `There is no token in ${source.slice(1)}`);
  return token;
}

async function localCredential(folders: string[]): Promise<{ origin: string; kept: Kept }> {
  const local = await findLocalToken(folders);
  if (local) return { origin: local.origin, kept: { token: local.token } };
  throw new NotFound('login.no_local_server', `No server has left a token on this machine (looked in ${folders.join(', ')}).`, {
    hint: 'Start one with `npm start`, or sign in to another with --url https://….',
  });
}

interface ByPassword {
  origin: string;
  email: string | undefined;
  workspace: string | undefined;
}

/** The session that the browser gave; or a token of this machine, and the session ends. */
async function keptByBrowser(by: Parameters<typeof signInByBrowser>[0], { session }: { session?: true | undefined }): Promise<Kept> {
  const pair = await signInByBrowser(by);
  if (session) return { session: pair };
  const client = createClient({ origin: by.origin, token: pair.accessToken });
  const { token } = await client.call(createToken, { body: { title: terminalTitle(), days: tokenDays } });
  await client.call(signOut);
  return { token };
}

/** Signs in as a browser would, makes a token for this machine, and drops the session again. */
async function tokenByPassword({ origin, email, workspace }: ByPassword): Promise<Kept> {
  const client = createClient({ origin, fetch: cookieFetch(origin), workspace });
  await signInAsking(client, email, (body) => client.call(signIn, { body }));
  const { token } = await client.call(createToken, { body: { title: terminalTitle(), days: tokenDays } });
  return { token };
}

async function sessionByPassword({ origin, email, workspace }: ByPassword): Promise<Kept> {
  const client = createClient({ origin, fetch: cookieFetch(origin), workspace });
  return { session: await signInAsking(client, email, (body) => client.call(logIn, { body })) };
}

// The server does not tell them apart; who signs in by a provider has no password at all.
const wrongCredentials = (cause: NotSignedIn) =>
  new NotSignedIn(cause.code, cause.message, {
    hint: 'Check both. If you sign in through a provider or with a passkey alone: tidewheel login --url … --browser',
    cause,
  });

/** Asks for a code where the account has a second factor. */
async function signInAsking<T>(
  client: Client,
  address: string | undefined,
  send: (body: { email: string; password: string; code?: string }) => Promise<T>,
): Promise<T> {
  const credentials = { email: address ?? (await ask('E-mail:')), password: await ask('Password:', { hidden: true }) };
  try {
    return await send(credentials);
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
    if (error.code === 'auth.wrong_credentials') throw wrongCredentials(error);
    if (error.code !== 'auth.second_factor_required') throw error;
    return send({ ...credentials, code: await askSecondStep(client, error) });
  }
}
