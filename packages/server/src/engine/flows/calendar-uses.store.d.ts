import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { type Expression, type SqlBool } from 'kysely';
import type { WorkspaceTransaction } from '../../storage/database.ts';
export interface UsingFlow {
  slug: string;
  title: string;
  document: FlowDocument;
  isPermitted: SqlBool;
}
/** The newest versions of flows that are in use, whoever may see them. */
export declare function findFlowsOfCalendars(trx: WorkspaceTransaction, permitted: Expression<SqlBool>): Promise<UsingFlow[]>;
