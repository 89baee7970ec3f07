// Holds one statement to its time. The server is told to stop it; when it does not even answer that, the connection is given up.
import { queryTimedOut } from './sql-errors.ts';

/** What a server that stops by itself is given before we tell it to. */
const graceMs = 1_000;

export interface QueryLimit {
  ms: number;
  /** The server was told the time with the query; we only look after it. */
  stopsItself?: boolean;
  /** Tells the server to stop. */
  stop(): Promise<void>;
  close(): void;
}

/** @throws TimedOut when `work` did not end in time, else what `work` throws */
export async function withinTime<T>({ ms, stopsItself = false, stop, close }: QueryLimit, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  let isLate = false;
  let hasEnded = false;
  const giveUp = async () => {
    isLate = true;
    await stop().catch(() => {});
    setTimeout(() => {
      if (hasEnded) return;
      close();
      late.reject(queryTimedOut(ms));
    }, graceMs).unref();
  };
  const timer = setTimeout(() => void giveUp(), stopsItself ? ms + graceMs : ms);
  try {
    return await Promise.race([work, late.promise]);
  } catch (thrown) {
    throw isLate ? queryTimedOut(ms, thrown) : thrown;
  } finally {
    hasEnded = true;
    clearTimeout(timer);
  }
}
