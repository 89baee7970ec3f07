import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';

const states: Record<ColorUpload['state'], { state: string; label: string }> = {
  receiving: { state: 'paused', label: 'Not whole' },
  held: { state: 'waiting', label: 'Held' },
  reading: { state: 'running', label: 'Reading' },
  ready: { state: 'done', label: 'Read' },
  failed: { state: 'failed', label: 'Not readable' },
  withdrawn: { state: 'cancelled', label: 'Withdrawn' },
};

/** What stands for the state of an upload. */
export function uploadState({ state }: Pick<ColorUpload, 'state'>): { state: string; label: string } {
  return states[state];
}
