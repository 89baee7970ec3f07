// What an earlier run left, for one that repeats it.
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import { decidedSql } from '../worker/decided-sql.ts';
import type { EarlierStep } from '../worker/rerun-plan.ts';

type Reader = Kysely<Database> | Transaction<Database>;

export function findEarlierRun(reader: Reader, run: string) {
  return reader
    .selectFrom('run')
    .innerJoin('flow', (join) => join.onRef('flow.workspace_id', '=', 'run.workspace_id').onRef('flow.id', '=', 'run.flow_id'))
    .innerJoin('flow_version', (join) => join.onRef('flow_version.workspace_id', '=', 'run.workspace_id').onRef('flow_version.id', '=', 'run.version_id'))
    .where('run.id', '=', run)
    .select((row) => row.selectFrom('workspace').select('workspace.archived_at').whereRef('workspace.id', '=', 'flow.workspace_id').as('workspace_archived_at'))
    .select(['flow_version.document', 'flow_version.version', 'run.flow_id', 'run.version_id', 'run.parameters', 'run.number', 'run.state'])
    .select(['run.given', 'run.mode', 'run.priority', 'run.parent_id', 'run.root_id', 'run.frozen_now', 'run.frozen_today'])
    .select(['flow.slug as flow', 'flow.folder', 'flow.kind', 'flow.archived_at', 'flow.off_at', 'flow.off_by', 'flow.off_reason', 'run.started_by'])
    .executeTakeFirst();
}

export function findEarlierSteps(reader: Reader, run: string): Promise<EarlierStep[]> {
  return reader
    .selectFrom('step_run')
    .where('run_id', '=', run)
    .select(['step_id', 'use', 'state', 'reason', 'attempt', 'output', 'reused_from', sql<boolean>`${sql.raw(decidedSql)}`.as('decided')])
    .execute();
}
