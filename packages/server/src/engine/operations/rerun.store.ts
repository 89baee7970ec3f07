// What an earlier run left, for one that repeats it.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import { startedWith } from '../runs/runs.store.ts';
import { decidedSql } from '../worker/decided-sql.ts';
import type { EarlierStep } from '../worker/rerun-plan.ts';

type Reader = Kysely<Database> | Transaction<Database>;

export function findEarlierRun(reader: Reader, run: string) {
  return startedWith(reader, run).select(['run.number', 'run.state', 'run.root_id', 'run.frozen_now', 'run.frozen_today']).executeTakeFirst();
}

export function findEarlierSteps(reader: Reader, run: string): Promise<EarlierStep[]> {
  return reader
    .selectFrom('step_run')
    .where('run_id', '=', run)
    .select(['step_id', 'use', 'state', 'reason', 'attempt', 'output', 'reused_from', sql<boolean>`${sql.raw(decidedSql)}`.as('decided')])
    .execute();
}
