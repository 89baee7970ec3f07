// Flows whose text may ask for a calendar.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';

export interface UsingFlow {
  slug: string;
  title: string;
  document: FlowDocument;
  isPermitted: boolean;
}

/** The newest versions of flows that are in use, whoever may see them. */
export function findFlowsOfCalendars(trx: WorkspaceTransaction, permitted: Expression<SqlBool>): Promise<UsingFlow[]> {
  return trx
    .selectFrom('flow')
    .innerJoin('flow_version as version', (join) =>
      join
        .onRef('version.workspace_id', '=', 'flow.workspace_id')
        .onRef('version.flow_id', '=', 'flow.id')
        .onRef('version.version', '=', 'flow.newest_version'),
    )
    .where('flow.archived_at', 'is', null)
    .where(sql<SqlBool>`version.document::text like '%calendar%'`)
    .select(['flow.slug', 'flow.title', 'version.document', sql<boolean>`(${permitted})`.as('isPermitted')])
    .orderBy('flow.slug')
    .execute();
}
