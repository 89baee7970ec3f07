// What databases and their drivers report, as errors a person can act on. A wrong password is not tried again: too many wrong attempts lock an account.
import { AppError, InvalidInput, NotAllowed, TimedOut, Unreachable } from '@tidewheel/contract/errors';

interface DriverError extends Error {
  code?: string;
}

const connecting: Readonly<Record<string, { code: string; text: string; hint: string }>> = {
  ENOTFOUND: { code: 'sql.dns', text: 'The name is not known', hint: 'Check the spelling of the host and the DNS of this machine.' },
  EAI_AGAIN: { code: 'sql.dns', text: 'The name is not known', hint: 'Check the spelling of the host and the DNS of this machine.' },
  ECONNREFUSED: { code: 'sql.port', text: 'Nothing listens there', hint: 'Check the port, and that the server runs and takes connections from here.' },
  EHOSTUNREACH: { code: 'sql.port', text: 'There is no way there', hint: 'Check the address and the network.' },
  ENETUNREACH: { code: 'sql.port', text: 'There is no way there', hint: 'Check the address and the network.' },
};

/** An error of connecting or of a lost connection. */
export function connectionFailure(thrown: unknown, place: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as DriverError;
  const known = connecting[error.code ?? ''];
  if (known) return new Unreachable(known.code, `${place}: ${known.text}.`, { hint: known.hint, cause: thrown });
  if (error.code === 'ETIMEDOUT' || /time(d? ?out| out)/i.test(error.message))
    return new TimedOut('sql.timeout', `${place} did not answer in time.`, {
      hint: 'Check that the address is right and that no firewall drops the packets.',
      cause: thrown,
    });
  if (isTlsFault(error)) return tlsFailure(thrown, place);
  return new Unreachable('sql.lost', `The connection to ${place} broke: ${error.message}`, { hint: 'The step is tried again by itself.', cause: thrown });
}

export function isTlsFault({ code = '', message }: DriverError): boolean {
  return (
    /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HANDSHAKE_SSL|EPROTO)/.test(code) ||
    /certificate|does not support (SSL|secure)|SSL connection|altname|wrong version number|tls/i.test(message)
  );
}

export function tlsFailure(thrown: unknown, place: string): AppError {
  const { message } = thrown as Error;
  return new InvalidInput('sql.tls', `TLS with ${place} did not come about: ${message.replace(/\.$/, '')}.`, {
    hint: 'Give the authority that signed the certificate (ca), or another `tls`; a server without TLS needs `tls: off`.',
    cause: thrown,
  });
}

export function signInFailure(thrown: unknown, { place, user }: { place: string; user: string }): AppError {
  return new InvalidInput('sql.sign_in', `${place} refused the sign-in of ${user}: ${(thrown as Error).message.replace(/\.$/, '')}.`, {
    hint: 'Check user, password and database. It is not tried again by itself: too many wrong attempts lock an account.',
    cause: thrown,
  });
}

export function queryTimedOut(ms: number, cause?: unknown): TimedOut {
  return new TimedOut('sql.query_timeout', `The query was stopped after ${Math.round(ms / 100) / 10} s.`, {
    hint: 'Make it faster, or give it more time (timeoutSeconds, or queryTimeoutSeconds of the connection).',
    cause,
  });
}

export function refusedByRights(message: string, cause: unknown): NotAllowed {
  return new NotAllowed('sql.refused', `The database does not allow it: ${message}`, { hint: 'Give its user the right, or use another connection.', cause });
}

/** What the statement itself is to blame for. `where`: line and column, if the server says so. */
export function statementFailure(
  message: string,
  { cause, where, state }: { cause: unknown; where?: string | undefined; state?: string | undefined },
): InvalidInput {
  return new InvalidInput('sql.failed', `The database refused the statement${where ? ` (${where})` : ''}: ${message}`, {
    ...(state ? { details: { state } } : {}),
    cause,
  });
}

/** Two transactions stood in each other's way: tried again it may go. */
export function passing(message: string, cause: unknown): Unreachable {
  return new Unreachable('sql.busy', `The database could not do it now: ${message}`, { hint: 'The step is tried again by itself.', cause });
}

/** @throws InvalidInput when there is none */
export function requirePassword(slug: string, secret: { password: string } | null): string {
  if (secret) return secret.password;
  throw new InvalidInput('sql.no_password', `The connection "${slug}" has no password.`, { hint: 'Enter one, or name a credential.' });
}
