// What happens in runs, as it happens. The database is the source and a notification only says "look": a reader that pulls slowly,
// comes late or was cut off reads on from its cursor, so nothing is skipped or doubled, and nothing piles up in memory.
import { NotFound } from '@tidewheel/contract/errors';
import type { LogLine, RunEvent, RunSummary } from '@tidewheel/contract/run';
import { z } from 'zod';
import { type Actor, may } from '../../base/actor.ts';
import type { Logger } from '../../base/logger.ts';
import { maskedEvent, maskedSummary, type RunWithObject } from '../../base/masked-run.ts';
import { requireRead } from '../../base/object-access.ts';
import type { Databases } from '../../storage/database.ts';
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { FollowedList, FollowedRun, listLimit } from './followed.ts';
import { type Cursor, findNewestRuns, type RunNews, readNews } from './run-events.store.ts';

export type FeedItem = { event: RunEvent } | { log: LogLine };
/** The reader as he is now; null when he may not listen any more. */
export type Reader = () => Promise<Actor | null>;

export interface FollowRun {
  reader: Reader;
  workspaceId: string;
  runId: string;
  after: Cursor;
  signal: AbortSignal;
}

export interface RunFeed {
  /**
   * Everything of a run after the cursors, in order, until the run has ended or the signal is aborted, as the reader may see it.
   * @throws NotFound when there is no such run for him, also when he may not see it any more
   */
  follow(options: FollowRun): AsyncIterable<FeedItem>;
  /** @throws NotFound when the actor's workspace has no such run that he may read */
  requireRun(actor: Actor, runId: string): Promise<void>;
  /** Runs of the workspace that the reader may see as they change, each in its newest state: changes in quick succession come as one. */
  followRuns(options: { reader: Reader; workspaceId: string; signal: AbortSignal }): AsyncIterable<RunSummary>;
}

export interface RunFeedOptions {
  databases: Databases;
  objects: ObjectStore;
  /** Reads the summaries of some runs of a workspace: the engine's reader. */
  readRuns(workspaceId: string, ids: string[]): Promise<RunWithObject[]>;
  log: Logger;
}

/** At most one look per run in this time, however often the engine rings. */
const flushEveryMs = 50;
const retryListMs = 1_000;

const Notification = z.object({ w: z.string(), r: z.array(z.string()) });
const beyondEverything: Cursor = { event: Number.MAX_SAFE_INTEGER, log: Number.MAX_SAFE_INTEGER };

/** The engine sends `{"w": workspaceId, "r": [runIds]}` in each batch's transaction: at most 190 ids each, for Postgres takes 8,000 bytes. */
export const runChannel = 'tidewheel_run';

export class NotifiedRunFeed implements RunFeed {
  readonly #options: RunFeedOptions;
  // By workspace and run: what one workspace's reader saw is never shared with another's.
  readonly #runs = new Map<string, FollowedRun>();
  readonly #lists = new Map<string, FollowedList>();
  readonly #dirtyRuns = new Set<string>();
  readonly #dirtyLists = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #lastFlush = 0;
  #closed = false;

  constructor(options: RunFeedOptions) {
    this.#options = options;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const followed of this.#runs.values()) followed.ring();
    for (const list of this.#lists.values()) list.bell.ring();
  }

  async requireRun(actor: Actor, runId: string): Promise<void> {
    const news = await readNews(this.#options, { workspaceId: actor.workspaceId, runId, after: beyondEverything });
    requireNews(actor, runId, news);
  }

  async *follow({ reader, workspaceId, runId, after, signal }: FollowRun): AsyncGenerator<FeedItem> {
    const key = keyOf(workspaceId, runId);
    const followed = enter(this.#runs, key, () => new FollowedRun());
    followed.followers++;
    const cursor = { ...after };
    try {
      while (!signal.aborted && !this.#closed) {
        const seen = followed.bell.rung;
        const news = requireNews(
          await reader(),
          runId,
          await followed.read(cursor, () => readNews(this.#options, { workspaceId, runId, after: { ...cursor } })),
        );
        for (const item of inOrder(news)) {
          // Asked again for each: a slow reader may hold one page for minutes.
          const actor = await reader();
          const { object } = requireNews(actor, runId, news);
          if ('event' in item) cursor.event = item.event.seq;
          else cursor.log = item.log.seq;
          yield actor && 'event' in item ? { event: maskedEvent(actor, { event: item.event, object }) } : item;
        }
        if (news.ended) return;
        if (!news.more) await followed.bell.after(seen, signal);
      }
    } finally {
      followed.followers--;
      if (followed.followers === 0 && this.#runs.get(key) === followed) this.#runs.delete(key);
    }
  }

  async *followRuns({ reader, workspaceId, signal }: { reader: Reader; workspaceId: string; signal: AbortSignal }): AsyncGenerator<RunSummary> {
    const list = enter(this.#lists, workspaceId, () => new FollowedList());
    const pending = new Map<string, RunWithObject>();
    list.followers.add(pending);
    try {
      while (!signal.aborted && !this.#closed) {
        const seen = list.bell.rung;
        for (const [id, one] of pending) {
          pending.delete(id);
          const actor = await reader();
          if (!actor) return;
          if (may(actor, 'run.read', one.object)) yield maskedSummary(actor, one);
        }
        if (pending.size === 0) await list.bell.after(seen, signal);
      }
    } finally {
      list.followers.delete(pending);
      if (list.followers.size === 0 && this.#lists.get(workspaceId) === list) this.#lists.delete(workspaceId);
    }
  }

  /** What came over the channel. */
  note(payload: string): void {
    const parsed = Notification.safeParse(parseJson(payload));
    if (!parsed.success) {
      this.#options.log.warn({ payload: payload.slice(0, 200) }, 'a notification of runs is not readable');
      return;
    }
    const { w: workspaceId, r: ids } = parsed.data;
    const list = this.#lists.get(workspaceId);
    for (const id of ids) {
      const key = keyOf(workspaceId, id);
      if (this.#runs.has(key)) this.#dirtyRuns.add(key);
      list?.note(id);
    }
    if (list) this.#dirtyLists.add(workspaceId);
    if (list || this.#dirtyRuns.size > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, flushEveryMs - (performance.now() - this.#lastFlush)));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#lastFlush = performance.now();
    for (const key of this.#dirtyRuns) this.#runs.get(key)?.ring();
    this.#dirtyRuns.clear();
    for (const workspaceId of this.#dirtyLists) void this.#tellList(workspaceId);
    this.#dirtyLists.clear();
  }

  async #tellList(workspaceId: string): Promise<void> {
    const list = this.#lists.get(workspaceId);
    const ids = list?.takeChanged() ?? [];
    if (!list || ids.length === 0) return;
    try {
      list.share(await this.#options.readRuns(workspaceId, ids));
    } catch (error) {
      this.#options.log.warn({ err: error }, 'could not read changed runs, trying again');
      for (const id of ids) list.note(id);
      this.#dirtyLists.add(workspaceId);
      setTimeout(() => this.#schedule(), retryListMs).unref();
    }
  }

  /** After a gap nobody knows what changed: every follower looks again. */
  lookAtEverything(): void {
    for (const key of this.#runs.keys()) this.#dirtyRuns.add(key);
    for (const workspaceId of this.#lists.keys()) void this.#noteNewest(workspaceId);
    this.#schedule();
  }

  async #noteNewest(workspaceId: string): Promise<void> {
    try {
      const ids = await findNewestRuns(this.#options.databases, workspaceId, listLimit);
      for (const id of ids.reverse()) this.#lists.get(workspaceId)?.note(id);
      this.#dirtyLists.add(workspaceId);
      this.#schedule();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'could not read the newest runs');
    }
  }
}

const keyOf = (workspaceId: string, runId: string) => `${workspaceId}/${runId}`;
const unknownRun = (id: string) => new NotFound('run.unknown', `There is no run ${id} in this workspace.`, { hint: 'GET /api/runs lists them.' });

function requireNews(actor: Actor | null, runId: string, news: RunNews | undefined): RunNews {
  if (!actor || !news) throw unknownRun(runId);
  requireRead(actor, { read: 'run.read', object: news.object, unknown: () => unknownRun(runId) });
  return news;
}

function enter<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

/** Events and lines by time; each kind keeps its own order, which is what the cursors count. */
function* inOrder({ events, lines }: RunNews): Generator<FeedItem> {
  let next = 0;
  for (const event of events) {
    for (let line = lines[next]; line && line.at <= event.at; line = lines[++next]) yield { log: line };
    yield { event };
  }
  for (const log of lines.slice(next)) yield { log };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
