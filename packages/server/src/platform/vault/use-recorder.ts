// Notes who used a credential last, beside the work and not in its way: at most once a minute for each credential, place of use and run, and
// many uses in one statement.
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { type CredentialUse, saveUses } from './use-recorder.store.ts';

const pauseMs = 1_000;
const againAfterMs = 60_000;
/** More are forgotten rather than kept in memory while the database is away. */
const mostWaiting = 10_000;

export interface UseRecorder {
  note(use: Omit<CredentialUse, 'at'>): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

export function createUseRecorder({ databases, log }: { databases: Databases; log: Logger }): UseRecorder {
  const noted = new Map<string, number>();
  const waiting = new Map<string, CredentialUse>();
  let timer: NodeJS.Timeout | null = null;
  const flush = async (): Promise<void> => {
    timer = null;
    const uses = [...waiting.values()];
    waiting.clear();
    for (const [key, at] of noted) if (Date.now() - at > againAfterMs) noted.delete(key);
    if (uses.length === 0) return;
    await saveUses(databases, uses).catch((error: unknown) => log.warn({ err: error, uses: uses.length }, 'The use of credentials could not be noted.'));
  };
  return {
    note(use) {
      const now = Date.now();
      const place = `${use.credentialId} ${use.connection ?? use.target ?? ''}`;
      const key = `${place} ${use.runId ?? ''}`;
      if (now - (noted.get(key) ?? 0) < againAfterMs || waiting.size >= mostWaiting) return;
      noted.set(key, now);
      waiting.set(place, { ...use, at: new Date(now) });
      timer ??= setTimeout(() => void flush(), pauseMs).unref();
    },
    async close() {
      if (timer) clearTimeout(timer);
      await flush();
    },
  };
}
