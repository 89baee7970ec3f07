// Notification events as they are raised. There is no cursor: who was away reads the list again.
import type { NotificationEvent } from '@tidewheel/contract/notification';
import { z } from 'zod';
import { requirePermission } from '../../base/actor.ts';
import type { Logger } from '../../base/logger.ts';
import { type Databases, inWorkspace } from '../../storage/database.ts';
import { Bell } from './bell.ts';
import { maySee, viewNotification } from './notification.service.ts';
import { type NotificationRow, readNotifications } from './notification.store.ts';
import type { Reader } from './run-feed.ts';

const Notification = z.object({ w: z.string(), n: z.array(z.string()) });
/** More than this that a follower has not pulled yet: the newest are kept. */
const mostPending = 200;

interface Followed {
  bell: Bell;
  /** What each follower has not pulled yet. */
  pending: Set<NotificationRow[]>;
}

export class NotificationFeed {
  readonly #options: { databases: Databases; log: Logger };
  readonly #workspaces = new Map<string, Followed>();
  #closed = false;

  constructor(options: { databases: Databases; log: Logger }) {
    this.#options = options;
  }

  /** What is raised from now on in the workspace and the reader may see. Ends when he may not listen any more, or the signal is aborted. @throws NotAllowed */
  async *follow({ reader, workspaceId, signal }: { reader: Reader; workspaceId: string; signal: AbortSignal }): AsyncGenerator<NotificationEvent> {
    const first = await reader();
    if (!first) return;
    requirePermission(first, 'notification.read');
    const followed = this.#workspaces.get(workspaceId) ?? { bell: new Bell(), pending: new Set() };
    this.#workspaces.set(workspaceId, followed);
    const pending: NotificationRow[] = [];
    followed.pending.add(pending);
    try {
      while (!signal.aborted && !this.#closed) {
        const seen = followed.bell.rung;
        for (let row = pending.shift(); row; row = pending.shift()) {
          const actor = await reader();
          if (!actor) return;
          if (maySee(actor, row)) yield viewNotification(actor, row);
        }
        await followed.bell.after(seen, signal);
      }
    } finally {
      followed.pending.delete(pending);
      if (followed.pending.size === 0 && this.#workspaces.get(workspaceId) === followed) this.#workspaces.delete(workspaceId);
    }
  }

  /** What came over the channel. */
  note(payload: string): void {
    const parsed = Notification.safeParse(parseJson(payload));
    if (!parsed.success) this.#options.log.warn({ payload: payload.slice(0, 200) }, 'a notification of events is not readable');
    else if (this.#workspaces.has(parsed.data.w)) void this.#share(parsed.data.w, parsed.data.n);
  }

  close(): void {
    this.#closed = true;
    for (const { bell } of this.#workspaces.values()) bell.ring();
  }

  async #share(workspaceId: string, ids: string[]): Promise<void> {
    try {
      const rows = await inWorkspace(this.#options.databases.app, workspaceId, (trx) => readNotifications(trx, ids));
      const followed = this.#workspaces.get(workspaceId);
      for (const pending of followed?.pending ?? []) {
        pending.push(...rows);
        if (pending.length > mostPending) pending.splice(0, pending.length - mostPending);
      }
      followed?.bell.ring();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'could not read new notification events');
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
