// Drafts of flows. Migration 0090.
import type { ColumnType } from 'kysely';

type Now = ColumnType<Date, Date | undefined, Date>;

export interface FlowDraftTable {
  workspace_id: string;
  flow_id: string;
  source: string;
  /** Counts on over all drafts of the flow. */
  revision: number;
  /** The newest version when it was saved; 0: there was none. */
  base: number;
  errors: number;
  saved_by: string;
  saved_at: Now;
}
