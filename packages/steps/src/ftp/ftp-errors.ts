// What basic-ftp and a server report (RFC 959, section 4.2), as errors a person can act on.
import { AppError, InvalidInput, NotAllowed, NotFound, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { FTPError } from 'basic-ftp';
import { isTlsFault } from '../sql/sql-errors.ts';

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof FTPError && (thrown.code === 550 || thrown.code === 553);
}

export function connectFailure(thrown: unknown, { place, user }: { place: string; user: string }): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof FTPError && thrown.code === 530)
    return new InvalidInput('ftp.sign_in', `${place} refused the sign-in of ${user}.`, {
      hint: 'Check user and password, and whether the server wants TLS. It is not tried again by itself: too many wrong attempts lock an account.',
      cause: thrown,
    });
  if (thrown instanceof FTPError && /AUTH|TLS|SSL/i.test(thrown.message))
    return new InvalidInput('ftp.tls', `${place} does not speak TLS this way: ${thrown.message}`, {
      hint: 'Choose another kind of TLS in the connection.',
      cause: thrown,
    });
  return networkFailure(thrown, place);
}

/** An error of one request. `doing` reads like `write in/report.xml`. */
export function requestFailure(thrown: unknown, { place, doing }: { place: string; doing: string }): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof FTPError)) return networkFailure(thrown, place);
  const { code, message } = thrown;
  if (code === 552 || code === 452)
    return new Unreachable('ftp.full', `${place} has no space left to ${doing}: ${message}`, { hint: 'The step is tried again by itself.', cause: thrown });
  if (code === 550 && /no such|not found|doesn't exist|failed to open/i.test(message))
    return new NotFound('ftp.missing', `${place}: there is nothing at the path to ${doing}.`, { cause: thrown });
  if (code === 550 || code === 553 || code === 532)
    return new NotAllowed('ftp.refused', `${place} does not ${doing}: ${message}`, {
      hint: 'Check the path, and the rights of this user there.',
      cause: thrown,
    });
  return new Unreachable('ftp.failed', `${place} failed to ${doing}: ${message}`, { hint: 'The step is tried again by itself.', cause: thrown });
}

function networkFailure(thrown: unknown, place: string): AppError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (/PASV returned another host/.test(message))
    return new NotAllowed('ftp.other_host', `${place} wants the data to go to another host.`, {
      hint: 'Its owner has to set its passive address right; we go nowhere else.',
      cause: thrown,
    });
  if (/^Timeout|timed out/i.test(message))
    return new TimedOut('ftp.timeout', `${place} did not answer in time.`, {
      hint: 'Check the address, and that no firewall closes the passive ports.',
      cause: thrown,
    });
  if (code === 'ECONNREFUSED')
    return new Unreachable('ftp.port', `Nothing listens at ${place}.`, { hint: 'Check the port, and that the server runs.', cause: thrown });
  if (isTlsFault(thrown as Error))
    return new InvalidInput('ftp.tls', `TLS with ${place} did not come about: ${message}.`, {
      hint: 'Give the authority that signed its certificate (ca), or choose another kind of TLS.',
      cause: thrown,
    });
  return new Unreachable('ftp.lost', `The connection to ${place} broke: ${message}`, { hint: 'The step is tried again by itself.', cause: thrown });
}
