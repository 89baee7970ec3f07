import { streamEvents } from '@tidewheel/contract/routes/runs';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { type Call, type Endpoint, endpoint, type ServerSentEvent, unattended } from '../../base/endpoint.ts';
import { FreshActor } from './fresh-actor.ts';
import type { Cursor } from './run-events.store.ts';
import type { FollowRun, RunFeed } from './run-feed.ts';

export interface StreamParts {
  feed: RunFeed;
  /** Who calls, asked again while the stream goes on. */
  authenticate(call: Call): Promise<Actor | null>;
}

export function streamEndpoints({ feed, authenticate }: StreamParts): Endpoint[] {
  return [
    endpoint(streamEvents, async ({ actor, params, query, call }) => {
      requirePermission(actor, 'run.read');
      // Before the first byte, so that an unknown run is a 404 and not an empty stream.
      await feed.requireRun(actor, params.id);
      const fresh = new FreshActor(actor, { again: () => authenticate(unattended(call)) });
      const after = resumeFrom(call.headers['last-event-id']) ?? { event: query.after, log: query.afterLog };
      return streamOf(feed, { reader: () => fresh.now(), workspaceId: actor.workspaceId, runId: params.id, after, signal: call.signal });
    }),
  ];
}

/** `<event seq>.<log seq>`, as each `id` of the stream says it; anything else counts as not given. */
function resumeFrom(header: string | undefined): Cursor | undefined {
  const found = /^(\d{1,15})\.(\d{1,15})$/.exec(header ?? '');
  return found ? { event: Number(found[1]), log: Number(found[2]) } : undefined;
}

async function* streamOf(feed: RunFeed, options: FollowRun): AsyncGenerator<ServerSentEvent> {
  const cursor = { ...options.after };
  for await (const item of feed.follow(options)) {
    if ('event' in item) {
      cursor.event = item.event.seq;
      yield { event: 'event', id: `${cursor.event}.${cursor.log}`, data: item.event };
    } else {
      cursor.log = item.log.seq;
      yield { event: 'log', id: `${cursor.event}.${cursor.log}`, data: item.log };
    }
  }
  if (!options.signal.aborted) yield { event: 'end', id: `${cursor.event}.${cursor.log}`, data: {} };
}
