// Receives over HTTP what steps begin and do, outside of all that is killed; knows idempotency keys, as receivers should.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Receiver, Told } from './acting-step.ts';

export interface RunningReceiver {
  url: string;
  /** Done outside, by idempotency key. */
  delivered: ReadonlyMap<string, Told>;
  /** What `ctx.once` gave to attempts of a step, by key. */
  kept: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps that began though their result, or the end of their run, was recorded. */
  beganAgain: string[];
  /** When steps ran that hold slots, by beginning. */
  held: ReadonlyMap<string, HeldSpan>;
  close(): Promise<void>;
}

/** In ms since 1970. `to`: null when its end was never told. */
export interface HeldSpan extends Pick<Told, 'holds' | 'pid' | 'run' | 'step'> {
  from: number;
  to: number | null;
}

/** @param pool - of a Postgres that keeps when each transaction was committed (`track_commit_timestamp`) */
export async function startReceiver(pool: pg.Pool): Promise<RunningReceiver> {
  const delivered = new Map<string, Told>();
  const kept = new Map<string, Set<string>>();
  const beganAgain: string[] = [];
  const held = new Map<string, HeldSpan>();
  const hear = async (told: Told) => {
    if (told.what === 'delivers') delivered.set(told.key, told);
    if (told.what === 'kept') kept.set(told.key, (kept.get(told.key) ?? new Set()).add(told.token ?? ''));
    if (told.what === 'begins' && told.holds.length > 0) held.set(told.act, { ...told, from: told.at, to: null });
    const span = told.what === 'ends' ? held.get(told.act) : undefined;
    if (span) span.to = told.at;
    const fault = told.what === 'begins' ? await recordedBefore(pool, told) : null;
    if (fault) beganAgain.push(fault);
  };
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => hear(JSON.parse(body) as Told))
      .then(
        () => response.end(),
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, delivered, kept, beganAgain, held, close };
}

/** The clock of a process runs on its own since its start. */
export const clocksApartMs = 10;

/** A worker that is stopped or killed between its first line and this look does not count: what matters is what stood when it came to that line. */
async function recordedBefore(pool: pg.Pool, { run, step, attempt, at }: Told): Promise<string | null> {
  const { rows } = await pool
    .query<{ state: string; over: boolean; later: number }>(
      `select s.state, r.finished_at is not null as over, $3 - extract(epoch from pg_xact_commit_timestamp(s.xmin))::float8 * 1000 as later
       from step_run s join run r on r.id = s.run_id where s.run_id = $1 and s.step_id = $2`,
      [run, step, at],
    )
    .catch(() => ({ rows: [] }));
  const [found] = rows;
  if (!found || found.later <= clocksApartMs || !['succeeded', 'failed', 'skipped', 'cancelled', 'compensated'].includes(found.state)) return null;
  const ended = found.over ? 'over' : 'not over';
  return `${run} ${step} began in attempt ${attempt}, though it was ${found.state} since ${found.later.toFixed(1)} ms and its run ${ended}`;
}

/** Tells a receiver, until it has heard it. */
export function receiverAt(url: string | null): Receiver {
  return async (told, signal) => {
    for (; url !== null; await sleep(50, undefined, { signal })) {
      const heard = await fetch(url, { method: 'POST', body: JSON.stringify(told), signal }).catch(() => null);
      await heard?.arrayBuffer();
      if (heard?.ok || signal.aborted) return signal.throwIfAborted();
    }
  };
}
