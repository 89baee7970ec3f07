// What triggers stand on. app/ hands in what lies above and beside.
import type { Connector } from '@tidewheel/kit/define-connector';
import type { TriggerType } from '@tidewheel/kit/define-trigger';
import type { Logger } from '../../base/logger.ts';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import type { ConnectionPort } from '../ports.ts';
import type { RunStarter } from '../runs/run-starter.ts';
import type { JobQueue } from '../worker/job-queue.ts';

/** Where the secrets of webhooks lie. */
export interface TriggerVault {
  seal(
    trx: WorkspaceTransaction,
    what: { workspaceId: string; credentialId?: string | undefined; purpose: string; secret: Record<string, unknown> },
  ): Promise<string>;
  open(what: { workspaceId: string; credentialId: string; purpose: string }): Promise<{ secret: Record<string, unknown>; release(): void }>;
  remove(trx: WorkspaceTransaction, what: { workspaceId: string; credentialId: string }): Promise<void>;
}

export interface TriggerDeps {
  databases: Databases;
  queue: JobQueue;
  starter: RunStarter;
  vault: TriggerVault;
  objects: ObjectStore;
  connections: ConnectionPort;
  connectors: readonly Connector[];
  kinds: readonly TriggerType[];
  /** Where this installation is reached, as far as it is known at that moment. */
  origin(): string;
  log: Logger;
}

export const secretPurpose = 'trigger:webhook';
