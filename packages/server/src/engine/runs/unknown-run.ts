import { NotFound } from '@tidewheel/contract/errors';

/** What is said of a run that does not exist, and of one that its asker may not see. */
export function unknownRun(id: string): NotFound {
  return new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'See the list of runs.' });
}
