// Notes which runs opened which hosts, beside the work and many in one statement.
import type { Logger } from '../../base/logger.ts';
import type { Databases } from '../../storage/database.ts';
import { saveTouches, type Touch } from './touches.store.ts';

const pauseMs = 500;
/** More are forgotten rather than kept in memory while the database is away. */
const mostWaiting = 20_000;

export interface TouchRecorder {
  note(touch: Omit<Touch, 'at'>): void;
  /** Writes what waits. */
  close(): Promise<void>;
}

export function createTouchRecorder({ databases, log }: { databases: Databases; log: Logger }): TouchRecorder {
  const waiting = new Map<string, Touch>();
  let timer: NodeJS.Timeout | null = null;
  const flush = async (): Promise<void> => {
    timer = null;
    const touches = [...waiting.values()];
    waiting.clear();
    if (touches.length === 0) return;
    await saveTouches(databases, touches).catch((error: unknown) =>
      log.warn({ err: error, hosts: touches.length }, 'Which run opened a host could not be noted.'),
    );
  };
  return {
    note(touch) {
      if (waiting.size >= mostWaiting) return;
      waiting.set(`${touch.targetId} ${touch.runId}`, { ...touch, at: new Date() });
      timer ??= setTimeout(() => void flush(), pauseMs).unref();
    },
    async close() {
      if (timer) clearTimeout(timer);
      await flush();
    },
  };
}
