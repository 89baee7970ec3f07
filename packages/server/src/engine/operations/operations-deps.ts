import type { RunMode, RunSummary } from '@tidewheel/contract/run';
import type { Deadline } from '@tidewheel/contract/start-options';
import type { Actor } from '../../base/actor.ts';
import type { CancelDependencies } from '../runs/cancel-asked.ts';
import type { RunStarter } from '../runs/run-starter.ts';

/** The verbs of single runs that operations on many use. */
export interface RunVerbs {
  cancelRun(actor: Actor, id: string): Promise<RunSummary>;
  startRun(actor: Actor, start: StartOne): Promise<RunSummary>;
}
export interface StartOne {
  slug: string;
  parameters: Record<string, unknown>;
  idempotencyKey?: string | undefined;
  mode?: RunMode | undefined;
  priority?: number | undefined;
  deadline?: Deadline | undefined;
}

/** What the operations on runs stand on. */
export interface OperationsDependencies extends CancelDependencies {
  starter: RunStarter;
  runs: RunVerbs;
}
