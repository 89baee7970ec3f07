// What the change log may take back of connections. Secrets are in no log: a connection that comes back needs its secret again.
import type { Actor } from '../../base/actor.ts';
import { type ChangeModule, fieldsBack, type LoggedChange } from '../../base/change-module.ts';
import { archiveConnection, type ConnectionDeps, createConnection, showConnection, updateConnection } from './connections.service.ts';

interface Logged {
  title: string;
  type: string;
  /** Not in entries from before folders. */
  folder?: string | null;
  config: Record<string, unknown>;
}

export function connectionChanges(deps: ConnectionDeps): ChangeModule {
  return {
    name: 'connections',
    title: 'Connections',
    sees: 'connection.read',
    reverts: {
      'connection.created': async (actor, change) => {
        fieldsBack({ change, present: await presentOf(deps, actor, change) });
        await archiveConnection(deps, actor, change.object.title);
      },
      'connection.updated': (actor, change) => revertUpdated(deps, actor, change),
      'connection.archived': async (actor, { object, before }) => {
        const { title, type, folder, config } = before as Logged;
        await createConnection(deps, actor, { slug: object.title, title, type, folder, config });
      },
    },
  };
}

async function revertUpdated(deps: ConnectionDeps, actor: Actor, change: LoggedChange): Promise<void> {
  const present = await presentOf(deps, actor, change);
  // That a secret was replaced is told, not taken back: the one before is gone.
  const { secretReplaced: _told, ...after } = change.after as Logged & { secretReplaced?: boolean };
  const back = fieldsBack({ change: { ...change, before: pick(change.before, after), after }, present });
  const { slug, title, folder, config } = { ...present, ...back };
  await updateConnection(deps, actor, { slug, title, folder, config: config as Record<string, unknown> });
}

/** Fields that the secret decides are no settings. */
function pick(before: unknown, after: object): object {
  return Object.fromEntries(Object.entries(before as object).filter(([key]) => key in after && key !== 'hasSecret'));
}

async function presentOf(deps: ConnectionDeps, actor: Actor, { object }: LoggedChange) {
  return showConnection(deps, actor, object.title);
}
