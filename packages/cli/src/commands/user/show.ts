import { listUserSessions, listUserTokens, showUser } from '@tidewheel/client/routes';
import { NotAllowed } from '@tidewheel/contract/errors';
import type { ApiToken, Session } from '@tidewheel/contract/routes/identity';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import type { TableColumn } from '../../output/table.ts';
import { instant } from '../../output/text.ts';
import { userByEmail } from './by-email.ts';

export function userShow() {
  return command('show', {
    summary: 'Show one user, with sessions and API tokens if you administer users',
    examples: [['tidewheel user show ana@example.org', 'role, second factor, where she is signed in']],
  })
    .argument('<email>', 'who')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await userByEmail(client, email);
      const user = await client.call(showUser, { params: { id } });
      const [sessions, tokens] = await Promise.all([
        client.call(listUserSessions, { params: { id } }).catch(unlessAllowed),
        client.call(listUserTokens, { params: { id } }).catch(unlessAllowed),
      ]);
      context.print.result({ ...user, sessions, tokens }, () => {
        context.print.facts([
          ['E-mail', user.emailVerified ? user.email : `${user.email} (not confirmed)`],
          ['Name', user.name],
          ['Role', user.role],
          ['State', user.suspendedAt === null ? 'active' : `suspended since ${instant(user.suspendedAt)}`],
          ['Second factor', user.secondFactor ? 'on' : 'off'],
          ['Member since', instant(user.createdAt)],
          ['Last seen', instant(user.lastSeenAt)],
          ['Sessions', sessions === null ? 'for administrators' : String(sessions.length)],
          ['API tokens', tokens === null ? 'for administrators' : String(tokens.length)],
          ['Id', user.id],
        ]);
        if (sessions?.length) showRows(context.print, sessionColumns, sessions);
        if (tokens?.length) showRows(context.print, tokenColumns, tokens);
      });
    });
}

const sessionColumns: TableColumn<Session>[] = [
  { title: 'Session', value: (session) => session.id, whole: true },
  { title: 'Address', value: (session) => session.address ?? '' },
  { title: 'Last seen', value: (session) => instant(session.lastSeenAt) },
  { title: 'Program', value: (session) => session.agent ?? '' },
];
const tokenColumns: TableColumn<ApiToken>[] = [
  { title: 'API token', value: (token) => token.id, whole: true },
  { title: 'Title', value: (token) => token.title },
  { title: 'Expires', value: (token) => instant(token.expiresAt) },
  { title: 'Last used', value: (token) => instant(token.lastUsedAt) },
];

function showRows<T>(print: Printer, columns: TableColumn<T>[], rows: T[]): void {
  print.line();
  print.table(columns, rows);
}

function unlessAllowed(error: unknown): null {
  if (error instanceof NotAllowed) return null;
  throw error;
}
