// The demo's needs, met by the services themselves: what a person could do by hand, done as the system.
import { NotFound } from '@tidewheel/contract/errors';
import type { Actor } from '../../base/actor.ts';
import type { FlowDeps } from '../../engine/flows/flow-checks.ts';
import { applyFlow, showFlow } from '../../engine/flows/flows.service.ts';
import { type ConnectionDeps, createConnection, showConnection } from '../../features/connections/connections.service.ts';
import type { DemoServices } from './seed.ts';

async function isKnown(show: Promise<unknown>): Promise<boolean> {
  try {
    await show;
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

export function demoServices({ actor, connections, flows }: { actor: Actor; connections: ConnectionDeps; flows: FlowDeps }): DemoServices {
  return {
    connections: {
      known: (slug) => isKnown(showConnection(connections, actor, slug)),
      create: (connection) => createConnection(connections, actor, connection),
    },
    flows: {
      known: (slug) => isKnown(showFlow(flows, actor, { slug })),
      apply: (source) => applyFlow(flows, actor, source),
    },
  };
}
