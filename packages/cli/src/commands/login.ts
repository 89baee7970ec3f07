import { hostname } from 'node:os';
import { type Client, createClient } from '@tidewheel/client/client';
import { createToken, signIn, whoAmI } from '@tidewheel/client/routes';
import { InvalidInput, NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import type { Me } from '@tidewheel/contract/routes/identity';
import { command, contextOf } from '../command.ts';
import { originOf } from '../context.ts';
import { cookieFetch } from '../cookie-fetch.ts';
import { credentialsPath, rememberServer } from '../credentials.ts';
import { ask, readText } from '../input.ts';
import { askSecondStep } from '../second-step.ts';
import { dataFolders, findLocalToken } from '../token-file.ts';

const tokenDays = 90;

export function login() {
  return command('login', {
    summary: 'Sign in to a server',
    description:
      'Without options it takes the token that a server on this machine left for its own user (cli-token.json in TIDEWHEEL_DATA or ~/.tidewheel).\nWith --url it asks for your e-mail and password and makes itself a token of 90 days; --token gives one that you have.\nThe token is kept in ~/.config/tidewheel/credentials.json, readable by you alone.',
    examples: [
      ['tidewheel login', 'the server on this machine'],
      ['tidewheel login --url https://tidewheel.example.org', 'asks for e-mail and password'],
      ['tidewheel login --url https://tidewheel.example.org --token - < token.txt', 'a token from stdin'],
    ],
  })
    .option('--token <->', 'read an API token from stdin with -; without this option TIDEWHEEL_TOKEN is used when it is set')
    .option('--email <address>', 'whose password to ask for')
    .option('--data <folder>', 'the data folder of a server on this machine, when it is not TIDEWHEEL_DATA or ~/.tidewheel')
    .action(async (options) => {
      const { print } = contextOf(options);
      const { origin, token } = await credentialFor(options);
      const me = await createClient({ origin, token }).call(whoAmI);
      await rememberServer(origin, token);
      print.result({ origin, email: me.email, role: me.role, workspace: me.workspace.slug, credentials: credentialsPath() }, () => {
        print.line(welcome(me, origin));
      });
    });
}

function welcome(me: Me, origin: string): string {
  return `Signed in to ${origin} as ${me.email} (${me.role} of ${me.workspace.title}).`;
}

async function credentialFor(options: {
  url?: string | undefined;
  token?: string | undefined;
  email?: string | undefined;
  data?: string | undefined;
}): Promise<{ origin: string; token: string }> {
  if (options.data !== undefined) return localCredential([options.data]);
  const origin = originOf(options.url ?? process.env.TIDEWHEEL_URL);
  const given = await givenToken(options.token);
  if (origin === null && given === undefined && options.email === undefined) return localCredential(dataFolders());
  if (origin === null) throw new InvalidInput('login.url', 'Which server?', { hint: 'Give its address with --url.' });
  return { origin, token: given ?? (await tokenByPassword(origin, options.email)) };
}

async function givenToken(source: string | undefined): Promise<string | undefined> {
  if (source === undefined) return process.env.TIDEWHEEL_TOKEN || undefined;
  if (source !== '-')
    throw new InvalidInput('login.token', 'A token must not stand in the command line, where others can read it', {
      hint: 'Use --token - and give it on stdin, or set TIDEWHEEL_TOKEN.',
    });
  const token = (await readText('-')).trim();
  if (token === '') throw new InvalidInput('login.token', 'There was no token on stdin');
  return token;
}

async function localCredential(folders: string[]): Promise<{ origin: string; token: string }> {
  const local = await findLocalToken(folders);
  if (local) return local;
  throw new NotFound('login.no_local_server', `No server has left a token on this machine (looked in ${folders.join(', ')}).`, {
    hint: 'Start one with `npm start`, or sign in to another with --url https://….',
  });
}

/** Signs in as a browser would, makes a token for this machine, and drops the session again. */
async function tokenByPassword(origin: string, email: string | undefined): Promise<string> {
  const client = createClient({ origin, fetch: cookieFetch(origin) });
  const address = email ?? (await ask('E-mail:'));
  const password = await ask('Password:', { hidden: true });
  await signInAsking(client, { email: address, password });
  const { token } = await client.call(createToken, { body: { title: `command line on ${hostname()}`.slice(0, 100), days: tokenDays } });
  return token;
}

/** Asks for a code where the account has a second factor. */
async function signInAsking(client: Client, credentials: { email: string; password: string }): Promise<void> {
  try {
    await client.call(signIn, { body: credentials });
  } catch (error) {
    if (!(error instanceof NotSignedIn) || error.code !== 'auth.second_factor_required') throw error;
    await client.call(signIn, { body: { ...credentials, code: await askSecondStep(client, error) } });
  }
}
