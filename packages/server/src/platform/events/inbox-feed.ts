// How many notifications somebody has not read: told at once, and whenever it may have changed.
import { z } from 'zod';
import type { Actor } from '../../base/actor.ts';
import type { Logger } from '../../base/logger.ts';
import { Bell } from './bell.ts';
import type { Reader } from './run-feed.ts';

const News = z.object({ w: z.string(), u: z.array(z.string()) });

export interface InboxFeedOptions {
  /** Of this person in the workspace that he works in. */
  countUnread(actor: Actor): Promise<number>;
  log: Logger;
}

export class InboxFeed {
  readonly #options: InboxFeedOptions;
  readonly #followed = new Map<string, { bell: Bell; followers: number }>();
  #closed = false;

  constructor(options: InboxFeedOptions) {
    this.#options = options;
  }

  /** Ends when the reader may not listen any more, or the signal is aborted. Programs have no inbox and are told nothing. */
  async *follow({ reader, workspaceId, signal }: { reader: Reader; workspaceId: string; signal: AbortSignal }): AsyncGenerator<number> {
    const first = await reader();
    if (!first?.userId) return;
    const key = `${workspaceId}/${first.userId}`;
    const mine = this.#followed.get(key) ?? { bell: new Bell(), followers: 0 };
    this.#followed.set(key, mine);
    mine.followers += 1;
    try {
      for (let told = -1; !signal.aborted && !this.#closed; ) {
        const seen = mine.bell.rung;
        const actor = await reader();
        if (!actor) return;
        const unread = await this.#options.countUnread(actor);
        if (unread !== told) yield unread;
        told = unread;
        await mine.bell.after(seen, signal);
      }
    } finally {
      mine.followers -= 1;
      if (mine.followers === 0 && this.#followed.get(key) === mine) this.#followed.delete(key);
    }
  }

  /** What came over the channel. */
  note(payload: string): void {
    const parsed = News.safeParse(parseJson(payload));
    if (!parsed.success) this.#options.log.warn({ payload: payload.slice(0, 200) }, 'news of inboxes are not readable');
    else for (const user of parsed.data.u) this.#followed.get(`${parsed.data.w}/${user}`)?.bell.ring();
  }

  /** After a gap: anything may have changed. */
  lookAtEverything(): void {
    for (const { bell } of this.#followed.values()) bell.ring();
  }

  close(): void {
    this.#closed = true;
    this.lookAtEverything();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
