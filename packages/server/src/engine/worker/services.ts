// What a worker works with.
import type pg from 'pg';
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import type { TableEngine } from '../../storage/tables/table-engine.ts';
import type { BackupPort, ColorPort, ConnectionPort, MailPort, StepTypes, TargetPort, UploadedFilePort } from '../ports.ts';
import type { Item } from './batch.ts';
import type { JobQueue } from './job-queue.ts';

export interface EngineServices {
  databases: Pick<Databases, 'engine'>;
  pool: pg.Pool;
  /** Connection string of the engine role, for the heartbeat's own connection. */
  engineUrl: string;
  queue: JobQueue;
  types: StepTypes;
  objects: ObjectStore;
  tables: TableEngine;
  connections: ConnectionPort;
  targets: TargetPort;
  uploads: UploadedFilePort;
  colors: ColorPort;
  /** Left out: this installation makes none. */
  backups?: BackupPort | undefined;
  /** Left out: steps cannot mail. */
  mail?: MailPort;
  /** A folder for the working files of attempts. */
  scratch: string;
  /** The address at which others answer a run; see `run.callback`. */
  callbackAddress(run: string): string;
  log: Logger;
}

/** Where a step's attempt reports to: the worker's flusher. */
export type AddItem = (item: Item) => void;
