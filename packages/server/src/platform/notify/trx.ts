import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';

/** A transaction of the engine role: it sees every workspace, so each statement names its own. */
export type Trx = WorkspaceTransaction;
export type Db = Databases['engine'] | WorkspaceTransaction;
