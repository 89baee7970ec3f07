// Notes whether steps reached hosts, beside the work: many hosts in one statement, and each at most once a minute unless the outcome changed.
import type { TargetReached } from '@tidewheel/kit/define-transport';
import type { Logger } from '../../base/logger.ts';
import { redactor } from '../../base/redactor.ts';
import { storable } from '../../base/text.ts';
import type { Databases } from '../../storage/database.ts';
import { type Contact, saveContacts } from './contacts.store.ts';

const lookMs = 1_000;
const quietMs = 60_000;
/** A host that comes and goes is written no more often than this. */
const changeMs = 5_000;
/** More are forgotten rather than kept in memory while the database is away. */
const mostKept = 20_000;
const longestWhy = 1_000;

export interface ContactRecorder {
  note(host: { workspaceId: string; targetId: string; runId: string }, outcome: TargetReached): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

export function createContactRecorder({ databases, log, now = Date.now }: { databases: Databases; log: Logger; now?: () => number }): ContactRecorder {
  const waiting = new Map<string, Contact>();
  const written = new Map<string, { at: number; isOk: boolean }>();
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();
  const isDue = ({ targetId, why }: Contact): boolean => {
    const last = written.get(targetId);
    return last === undefined || now() - last.at >= (last.isOk === (why === null) ? quietMs : changeMs);
  };
  const write = async (contacts: Contact[]): Promise<void> => {
    for (const { targetId, why } of contacts) {
      waiting.delete(targetId);
      written.set(targetId, { at: now(), isOk: why === null });
    }
    await saveContacts(databases, contacts, now()).catch((error: unknown) =>
      log.warn({ err: error, hosts: contacts.length }, 'Which hosts were reached could not be noted.'),
    );
  };
  const flush = (isAll: boolean): Promise<void> => {
    timer = null;
    for (const [targetId, { at }] of written) if (now() - at >= quietMs) written.delete(targetId);
    const due = isAll ? [...waiting.values()] : [...waiting.values()].filter(isDue);
    // One after the other, so that an older outcome never overtakes a newer one.
    if (due.length > 0) writing = writing.then(() => write(due));
    return writing;
  };
  const later = () => {
    timer ??= setTimeout(() => void flush(false).then(() => waiting.size > 0 && later()), lookMs).unref();
  };
  return {
    note(host, outcome) {
      if (waiting.size >= mostKept && !waiting.has(host.targetId)) return;
      // The secret of the attempt is known to the redactor now, and may not be when this is written.
      const why = outcome.isOk ? null : storable(redactor.text(outcome.error.message)).slice(0, longestWhy);
      waiting.set(host.targetId, { ...host, why, at: now() });
      later();
    },
    async close() {
      if (timer) clearTimeout(timer);
      await flush(true);
    },
  };
}
