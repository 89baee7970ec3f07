// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/connections';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import {
  archiveConnection,
  type ConnectionDeps,
  createConnection,
  listConnections,
  listConnectors,
  showConnection,
  testConnection,
  tryConnection,
  updateConnection,
} from './connections.service.ts';

export function connectionEndpoints(deps: ConnectionDeps): Endpoint[] {
  return [
    endpoint(routes.listConnectors, async ({ actor }) => listConnectors(deps, actor)),
    endpoint(routes.listConnections, ({ actor, query }) => listConnections(deps, actor, query)),
    endpoint(routes.showConnection, ({ actor, params }) => showConnection(deps, actor, params.slug)),
    endpoint(routes.createConnection, ({ actor, body }) => createConnection(deps, actor, body)),
    endpoint(routes.updateConnection, ({ actor, params, body }) => updateConnection(deps, actor, { slug: params.slug, ...body })),
    endpoint(routes.archiveConnection, ({ actor, params }) => archiveConnection(deps, actor, params.slug)),
    endpoint(routes.testConnection, ({ actor, params, call }) => testConnection(deps, actor, { slug: params.slug, signal: call.signal })),
    endpoint(routes.tryConnection, ({ actor, body, call }) => tryConnection(deps, actor, { ...body, signal: call.signal })),
  ];
}
