// What rules can say of a run and of its flow.
import type { Attributes } from '@tidewheel/contract/ability';

/** As the queries of runs and of what they left name these columns. */
export interface RunOwner {
  flow: string;
  folder: string | null;
  kind: string;
  started_by: string;
}

export function runObject({ flow, folder, kind, started_by }: RunOwner): Attributes {
  return { flow, folder, kind, startedBy: started_by };
}

export function flowObject({ flow, folder, kind }: Omit<RunOwner, 'started_by'>): Attributes {
  return { flow, folder, kind };
}
