import { listTokens, revokeToken, signOut } from '@tidewheel/client/routes';
import { NotFound, NotSignedIn } from '@tidewheel/contract/errors';
import { command, contextOf } from '../command.ts';
import { forgetServer, readCredentials } from '../credentials.ts';

export function logout() {
  return command('logout', {
    summary: 'Sign out and forget the token',
    description: 'A session is ended on the server too. An API token is forgotten, and ended on the server with --revoke.',
    examples: [
      ['tidewheel logout', 'forget the token'],
      ['tidewheel logout --revoke 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'and end it on the server'],
    ],
  })
    .option('--revoke <id>', 'also end this token of yours on the server; see `tidewheel token list`')
    .action(async (options) => {
      const context = contextOf(options);
      const origin = await context.origin();
      const { servers } = await readCredentials();
      if (origin === null || !servers[origin])
        throw new NotFound('logout.none', origin === null ? 'You are not signed in anywhere.' : `You are not signed in to ${origin}.`);
      if (options.revoke !== undefined) await revoke(context, options.revoke);
      if ('session' in servers[origin]) await endSession(context);
      await forgetServer(origin);
      context.print.result({ origin, revoked: options.revoke ?? null }, () => context.print.line(`Signed out of ${origin}.`));
    });
}

async function revoke(context: ReturnType<typeof contextOf>, id: string): Promise<void> {
  const client = await context.client();
  const mine = await client.call(listTokens);
  if (!mine.some((token) => token.id === id)) throw new NotFound('token.unknown', `You have no token ${id}.`, { hint: 'See `tidewheel token list`.' });
  await client.call(revokeToken, { params: { id } });
}

/** One that has ended already is as good. */
async function endSession(context: ReturnType<typeof contextOf>): Promise<void> {
  await (await context.client()).call(signOut).catch((error: unknown) => {
    if (!(error instanceof NotSignedIn)) throw error;
  });
}
