import type { CancelDependencies } from '../runs/cancel-asked.ts';
import type { RunStarter } from '../runs/run-starter.ts';

/** What the operations on runs stand on. */
export interface OperationsDependencies extends CancelDependencies {
  starter: RunStarter;
}
