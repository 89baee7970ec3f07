// What is known of an event when it is decided who is told of it.
import type { NotificationObject, Severity } from '@tidewheel/contract/notification';
import type { z } from 'zod';

export interface FlowFacts {
  id: string;
  slug: string;
  title: string;
  folder: string | null;
  kind: string;
  /** Whoever saved its newest version, by e-mail address. */
  owner: string;
}

export interface RunFacts {
  id: string;
  number: number;
  state: string;
  startedBy: string;
  startedById: string | null;
  /** A schedule or a trigger started it in his name. */
  isInHisName: boolean;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Null while it runs. */
  seconds: number | null;
  error: { code: string; message: string } | null;
  /** The first step that failed. */
  failedStep: string | null;
}

export interface EventFacts {
  workspaceId: string;
  id: string;
  kind: string;
  severity: Severity;
  title: string;
  text: string | null;
  object: z.infer<typeof NotificationObject> | null;
  data: Record<string, unknown>;
  raisedBy: string;
  /** Nobody else is told of it. */
  onlyFor: string | null;
  at: Date;
  flow: FlowFacts | null;
  run: RunFacts | null;
  /** Of a failed run: so many of its flow failed one after the other, this one included. */
  failuresInARow: number;
  /** What runs of the flow take usually, in seconds; null when it is not known. */
  usualSeconds: number | null;
}

/** From so many failures one after the other on, a failure is critical. */
export const failuresThatAreCritical = 3;

/** With the severity that counts: a flow that fails again and again is worse than one that failed once. */
export function escalated(facts: EventFacts): EventFacts {
  return facts.kind === 'run.failed' && facts.failuresInARow >= failuresThatAreCritical ? { ...facts, severity: 'critical' } : facts;
}
