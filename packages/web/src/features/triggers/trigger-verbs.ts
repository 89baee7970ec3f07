// What can be done to many triggers at once, in words.
import type { TriggerAction } from '@tidewheel/contract/routes/triggers';
import type { TriggerHealth } from '@tidewheel/contract/trigger';

type Verb = TriggerAction['do'];
export const verbTitles: Record<Verb, string> = { resume: 'Activate', pause: 'Pause', archive: 'Archive', restore: 'Restore' };

/** What they come to, as the dialog says it. */
export const verbWords: Record<Verb, string> = {
  resume: 'They go on. Those that look do so at once, and find what came meanwhile.',
  pause:
    'They start nothing until they are activated. A webhook answers 409 meanwhile, and the ends of flows are not gathered; the others find later what came.',
  archive: 'They start nothing any more, and webhooks forget their secrets. Their history stays, and they can be restored.',
  restore: 'They are there again, paused.',
};

/** The list shows no archived ones. */
export function verbsFor(health: TriggerHealth | undefined): Verb[] {
  if (health === undefined) return ['resume', 'pause', 'archive'];
  return health === 'paused' ? ['resume', 'archive'] : ['pause', 'archive'];
}
