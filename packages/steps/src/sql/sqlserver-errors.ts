// What SQL Server and its driver report (sys.messages), as errors a person can act on.
import { AppError, InvalidInput, TimedOut } from '@tidewheel/contract/errors';
import { connectionFailure, isTlsFault, passing, refusedByRights, signInFailure, statementFailure, tlsFailure } from './sql-errors.ts';

interface SqlserverError extends Error {
  code?: string;
  number?: number;
  lineNumber?: number;
}

export function connectFailure(thrown: unknown, { place, user }: { place: string; user: string }): AppError {
  for (let error: unknown = thrown; error instanceof Error; error = error.cause) if (error instanceof AppError) return error;
  const error = thrown as SqlserverError;
  const cause = (error.cause ?? {}) as SqlserverError;
  if (error.code === 'ELOGIN') return signInFailure(thrown, { place, user });
  if (error.code === 'EENCRYPT' || isTlsFault(cause) || isTlsFault(error)) return tlsFailure(thrown, place);
  if (error.code === 'ETIMEOUT') return connectionFailure(Object.assign(new RangeError(error.message), { code: 'ETIMEDOUT' }), place);
  return connectionFailure(cause.code ? cause : thrown, place);
}

export function queryFailure(thrown: unknown, place: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, number = 0, message, lineNumber } = thrown as SqlserverError;
  if (code === 'ECANCEL') return new TimedOut('sql.cancelled', `${place} was told to stop the query.`, { cause: thrown });
  if (number === 1205 || number === 1222 || number === 3960) return passing(message, thrown);
  if ([229, 230, 262, 297, 300].includes(number)) return refusedByRights(message, thrown);
  if (code !== 'EREQUEST') return connectionFailure(thrown, place);
  if (number === 4060) return new InvalidInput('sql.database', `${place}: ${message}`, { hint: 'Check the name of the database.', cause: thrown });
  return statementFailure(message, { cause: thrown, where: lineNumber ? `line ${lineNumber}` : undefined, state: String(number) });
}
