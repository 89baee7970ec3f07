// A statement runner inside a Kysely transaction, for pg-boss and what else speaks to the driver: its statements commit with the others.
import { CompiledQuery, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import type { Runner } from './job-queue.ts';

export function runnerOf(trx: Transaction<Database>): Runner {
  const query = (statement: string | { text: string; values?: unknown[] }, values: unknown[] = []) =>
    typeof statement === 'string'
      ? trx.executeQuery(CompiledQuery.raw(statement, values))
      : trx.executeQuery(CompiledQuery.raw(statement.text, statement.values ?? []));
  return { query } as unknown as Runner;
}
