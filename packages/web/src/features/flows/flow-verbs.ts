// What can be done to many flows at once, in words.
import type { FlowAction } from '@tidewheel/contract/routes/flow-bulk';

export type FlowVerb = FlowAction['do'];
export const verbTitles: Record<FlowVerb, string> = { on: 'Switch on', off: 'Switch off', archive: 'Archive', restore: 'Restore' };

/** What they come to, as the dialog says it. */
export const verbWords: Record<FlowVerb, string> = {
  on: 'They start runs again, as before.',
  off: 'They start no more runs until they are switched on. Runs that have begun go on, and whoever would start one is told the reason.',
  archive: 'They start no more runs and leave the lists. Nothing is lost, and they can be restored.',
  restore: 'They are there again as they were.',
};

export const verbsFor = (isArchived: boolean): FlowVerb[] => (isArchived ? ['restore'] : ['off', 'on', 'archive']);
