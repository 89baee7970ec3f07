// What Oracle (ORA-…) and its driver (NJS-…) report, as errors a person can act on.
import { AppError, InvalidInput, NotAllowed, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { placeOf } from '../ssh/ssh-errors.ts';
import type { DatabaseServer } from './database-settings.ts';
import { connectionFailure, isTlsFault, passing, refusedByRights, signInFailure, statementFailure, tlsFailure } from './sql-errors.ts';

interface OracleError extends Error {
  code?: string;
  errorNum?: number;
  /** Where in the statement, from 0. */
  offset?: number;
}

/** Locked, expired, no right to sign in. */
const account = [28000, 28001, 28002, 1045];
const full = [12516, 12519, 12520, 18, 20, 1033, 1034, 1089, 1109, 12528];

/** The number of an ORA error, wherever the driver says it. */
function numberOf({ errorNum, message }: OracleError): number {
  return errorNum || Number(/ORA-(\d+)/.exec(message)?.[1] ?? 0);
}
/** The driver appends where to read more, and the number of the connection. */
function plain(message: string): string {
  return message
    .replace(/\s*Help: https?:\S+/g, '')
    .replace(/\s*\(CONNECTION_ID=[^)]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

export function connectFailure(thrown: unknown, settings: DatabaseServer & { service: string }): AppError {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) if (error instanceof AppError) return error;
  const error = thrown as OracleError;
  const place = placeOf(settings);
  const number = numberOf(error);
  if (error.code === 'NJS-518' || error.code === 'NJS-519' || [12514, 12505].includes(number))
    return new InvalidInput('sql.service', `${place} knows no service ${settings.service}.`, {
      hint: 'Check the name of the service (`lsnrctl services` on the server lists them); a database that starts may not have announced itself yet.',
      cause: thrown,
    });
  if (number === 1017) return signInFailure(new RangeError(plain(error.message)), { place, user: settings.user });
  if (account.includes(number))
    return new NotAllowed('sql.account', `${place} does not let ${settings.user} in: ${plain(error.message)}`, {
      hint: 'The account is locked, its password has expired, or it may not sign in. A database administrator can tell.',
      cause: thrown,
    });
  if (full.includes(number) || error.code === 'NJS-511')
    return new Unreachable('sql.not_now', `${place} takes no connection now: ${plain(error.message)}`, {
      hint: 'The step is tried again by itself.',
      cause: thrown,
    });
  if (isTlsFault(error)) return tlsFailure(thrown, place);
  return connectionFailure(Object.assign(new RangeError(plain(error.message), { cause: thrown }), { code: error.code }), place);
}

export function queryFailure(thrown: unknown, place: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as OracleError;
  const number = numberOf(error);
  const message = plain(error.message);
  if (number === 1013) return new TimedOut('sql.cancelled', `${place} was told to stop the query.`, { cause: thrown });
  if ([60, 8177, 54, 30006, 4068].includes(number)) return passing(message, thrown);
  if ([1031, 1039, 990, 1950, 1536].includes(number)) return refusedByRights(message, thrown);
  if (number === 1456)
    return new InvalidInput('sql.read_only', `The query would change something: ${message}`, { hint: 'Use sql.execute for that.', cause: thrown });
  if (/^NJS-5\d\d$/.test(error.code ?? '') || number === 0) return driverFailure(error, place);
  return statementFailure(message, {
    cause: thrown,
    where: error.offset ? `character ${error.offset + 1}` : undefined,
    state: `ORA-${String(number).padStart(5, '0')}`,
  });
}

// Beside lost connections these are values that the driver cannot bind or read.
function driverFailure(error: OracleError, place: string): AppError {
  const isLost = /^NJS-(50\d|51\d|52\d|53\d)$/.test(error.code ?? '') || error.code === undefined || !error.code.startsWith('NJS');
  if (isLost) return connectionFailure(Object.assign(new RangeError(plain(error.message), { cause: error }), { code: error.code }), place);
  return statementFailure(plain(error.message), { cause: error, state: error.code });
}
