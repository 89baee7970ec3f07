// What Postgres reports (its documentation, appendix A), as errors a person can act on.
import { AppError, InvalidInput, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import pg from 'pg';
import { placeOf } from '../ssh/ssh-errors.ts';
import type { DatabaseConfig } from './database-settings.ts';
import { connectionFailure, passing, queryTimedOut, refusedByRights, signInFailure, statementFailure } from './sql-errors.ts';

export function connectFailure(thrown: unknown, settings: DatabaseConfig): AppError {
  const place = placeOf(settings);
  if (!(thrown instanceof pg.DatabaseError)) return connectionFailure(thrown, place);
  const { code = '', message } = thrown;
  if (code.startsWith('28')) return signInFailure(thrown, { place, user: settings.user });
  if (code === '3D000') return new InvalidInput('sql.database', `${place}: ${message}.`, { hint: 'Check the name of the database.', cause: thrown });
  return new Unreachable('sql.not_now', `${place} takes no connection now: ${message}.`, { hint: 'The step is tried again by itself.', cause: thrown });
}

interface Failed {
  place: string;
  ms: number;
  text?: string;
  /** How much of the text is ours, before that of the user. */
  before?: number;
}

export function queryFailure(thrown: unknown, { place, ms, text, before = 0 }: Failed): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof pg.DatabaseError)) return connectionFailure(thrown, place);
  const { code = '', message } = thrown;
  if (code === '57014')
    return /timeout/.test(message) ? queryTimedOut(ms, thrown) : new TimedOut('sql.cancelled', `${place} was told to stop the query.`, { cause: thrown });
  if (/^(08|57P|53|58)/.test(code))
    return new Unreachable('sql.lost', `${place} could not go on: ${message}.`, { hint: 'The step is tried again by itself.', cause: thrown });
  if (['40001', '40P01', '55P03'].includes(code)) return passing(message, thrown);
  if (code === '42501') return refusedByRights(message, thrown);
  if (code === '25006')
    return new InvalidInput('sql.read_only', `The query would change something: ${message}.`, { hint: 'Use sql.execute for that.', cause: thrown });
  return statementFailure(message, { cause: thrown, state: code, where: lineOf({ text, before, position: Number(thrown.position) }) });
}

function lineOf({ text, before, position }: { text: string | undefined; before: number; position: number }): string | undefined {
  if (text === undefined || !Number.isInteger(position) || position <= before) return undefined;
  const lines = text.slice(before, position - 1).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
