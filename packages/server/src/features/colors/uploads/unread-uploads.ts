// Uploads that a server had received and was reading, or about to, when it stopped. They are not read by themselves: a file that ends a server would end the next one.
import { Conflict, toStoredError } from '@tidewheel/contract/errors';
import { inRounds } from '../../../base/in-rounds.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Databases } from '../../../storage/database.ts';
import { findUnread, markUnread } from './uploads.store.ts';

const everyMs = 60_000;
const brokenOff = new Conflict('color_upload.broken_off', 'The server stopped before this was read.', { hint: 'Read it again: what came is kept.' });

/** @returns how to end it */
export function startUnreadUploads({ databases, log }: { databases: Pick<Databases, 'engine'>; log: Logger }): () => Promise<void> {
  const look = createLook(databases);
  return inRounds({ everyMs, work: look, failed: (error) => log.warn({ err: error }, 'unread uploads could not be looked for; trying again in a minute') });
}

/** One look after the other: only what nobody read at two of them has failed, for a reader may be about to begin. */
export function createLook({ engine }: Pick<Databases, 'engine'>): () => Promise<void> {
  let before: string[] = [];
  return async () => {
    const unread = await findUnread(engine);
    const left = unread.filter((id) => before.includes(id));
    before = unread;
    if (left.length > 0) await markUnread(engine, { ids: left, error: toStoredError(brokenOff) });
  };
}
