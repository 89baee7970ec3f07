// What MySQL, MariaDB and their driver report (error numbers of the server), as errors a person can act on.
import { AppError, InvalidInput, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { placeOf } from '../ssh/ssh-errors.ts';
import type { DatabaseConfig } from './database-settings.ts';
import { connectionFailure, passing, refusedByRights, signInFailure, statementFailure, tlsFailure } from './sql-errors.ts';

interface MysqlError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
}

export function connectFailure(thrown: unknown, settings: DatabaseConfig): AppError {
  if (thrown instanceof AppError && thrown.code === 'sql.lost' && thrown.cause) return connectFailure(thrown.cause, settings);
  if (thrown instanceof AppError) return thrown;
  const place = placeOf(settings);
  const error = thrown as MysqlError;
  if (error.errno === 1045 || error.errno === 1698) return signInFailure(thrown, { place, user: settings.user });
  if (error.errno === 1049 || error.errno === 1044)
    return new InvalidInput('sql.database', `${place}: ${error.message}.`, {
      hint: 'Check the name of the database, and the rights of the user in it.',
      cause: thrown,
    });
  if (error.code === 'HANDSHAKE_NO_SSL_SUPPORT' || error.code === 'HANDSHAKE_SSL_ERROR') return tlsFailure(thrown, place);
  if (error.sqlState && error.errno !== undefined && error.errno > 0)
    return new Unreachable('sql.not_now', `${place} takes no connection now: ${error.message}.`, { hint: 'The step is tried again by itself.', cause: thrown });
  return connectionFailure(thrown, place);
}

export function queryFailure(thrown: unknown, place: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as MysqlError;
  const { errno = 0, message, sqlState: state } = error;
  if ([1317, 1969, 3024].includes(errno)) return new TimedOut('sql.cancelled', `${place} was told to stop the query.`, { cause: thrown });
  if ([1205, 1213, 1020].includes(errno)) return passing(message, thrown);
  if ([1142, 1143, 1227, 1370, 1044].includes(errno)) return refusedByRights(message, thrown);
  if (errno === 1792)
    return new InvalidInput('sql.read_only', `The query would change something: ${message}.`, { hint: 'Use sql.execute for that.', cause: thrown });
  if ([1021, 1041, 1053, 1927, 3168].includes(errno) || state === undefined) return connectionFailure(thrown, place);
  return statementFailure(message, { cause: thrown, state });
}
