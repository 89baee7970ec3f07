// Who calls is looked up afresh for each request, yet requests with the same credential that come together (a page asks for six things at once) share
// one look: each gets an answer to a question that was asked after it came, so what was revoked before is never let in.
import { unattendedHeader } from '@tidewheel/contract/unattended';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';

type Look = (call: Call) => Promise<Actor | null>;

export function shareLookups(look: Look): Look {
  const running = new Map<string, Promise<Actor | null>>();
  const waiting = new Map<string, Promise<Actor | null>>();
  const start = (key: string, call: Call) => {
    const started = look(call).finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
  const join = (key: string, call: Call) => {
    const before = running.get(key);
    if (!before) return start(key, call);
    const known = waiting.get(key);
    if (known) return known;
    // Not `before` itself: that question was asked before this request came.
    const next = before
      .catch(() => null)
      .then(() => {
        waiting.delete(key);
        return start(key, call);
      });
    waiting.set(key, next);
    return next;
  };
  return async (call) => ownActor(await join(keyOf(call), call));
}

/** Everything that a look depends on. */
function keyOf({ headers, address, workspace }: Call): string {
  return JSON.stringify([headers['authorization'], headers['cookie'], headers[unattendedHeader], workspace, address]);
}

/** What an actor gathers in the course of a request is that request's alone. */
function ownActor(actor: Actor | null): Actor | null {
  if (!actor) return null;
  return actor.lent ? { ...actor, lent: new Map() } : { ...actor };
}
