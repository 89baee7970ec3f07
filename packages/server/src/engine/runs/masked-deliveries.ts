// A delivery's destination quotes the settings of its connection: whoever may not see those may not read them there.
import type { Delivery } from '@tidewheel/contract/routes/runs';
import type { Actor } from '../../base/actor.ts';
import { masksAny, maskText } from '../../base/masked-view.ts';
import type { ConnectionPort } from '../ports.ts';

export type DeliveryConnections = Pick<ConnectionPort, 'list'>;

export async function shownDeliveries(
  actor: Actor,
  { deliveries, connections }: { deliveries: Delivery[]; connections: DeliveryConnections },
): Promise<Delivery[]> {
  if (!masksAny(actor, 'connection') || deliveries.length === 0) return deliveries;
  const known = new Map((await connections.list(actor.workspaceId)).map((one) => [one.slug, one]));
  return deliveries.map((delivery) => {
    const found = known.get(delivery.connection);
    // Of one that was archived nobody knows any more what held for it.
    const isKept = !found || keepsConfig(actor, found);
    return isKept ? { ...delivery, destination: maskText, receipt: null, error: delivery.error === null ? null : maskText } : delivery;
  });
}

function keepsConfig({ ability }: Actor, { slug, type, folder }: { slug: string; type: string; folder: string | null }): boolean {
  const object = { connection: slug, type, folder };
  // Who may not read the connection at all sees its settings no better than who may read it masked.
  if (!ability?.can('connection.read', object)) return true;
  return ability.keepsSome({ type: 'connection', permission: 'connection.read', object, head: 'config' });
}
