// What can be done to many schedules at once, in words.
import type { ScheduleAction } from '@tidewheel/contract/routes/schedules';
import type { ScheduleState } from '@tidewheel/contract/schedule';

type Verb = ScheduleAction['do'];
export const verbTitles: Record<Verb, string> = { activate: 'Activate', pause: 'Pause', archive: 'Archive', restore: 'Restore' };

/** What they come to, as the dialog says it. */
export const verbWords: Record<Verb, string> = {
  activate: 'They fire again from now on. What was due meanwhile is not made up for.',
  pause: 'They fire no more until they are activated. What is due meanwhile is not made up for.',
  archive: 'They start nothing any more. Their history stays, and they can be restored.',
  restore: 'They are there again, paused.',
};

export function verbsFor(state: ScheduleState | undefined): Verb[] {
  if (state === 'archived') return ['restore'];
  return state === 'active' ? ['pause', 'archive'] : state === 'paused' ? ['activate', 'archive'] : ['activate', 'pause', 'archive'];
}
