// How the engine opens connections for steps.
import type { ConnectionPort } from '../../engine/ports.ts';
import { inWorkspace } from '../../storage/database.ts';
import { inUse } from './connection-access.ts';
import type { ConnectionDeps } from './connections.service.ts';
import { listSlugs } from './connections.store.ts';
import { connectorOf, parseConfig, refuseInadmissible } from './connectors.ts';
import { openSecret } from './credential-use.ts';

/** Limits are asked at every opening, so that what an administrator narrows takes effect at once. */
export function createConnectionPort(deps: ConnectionDeps): ConnectionPort {
  return {
    async open(workspaceId, slug, { runId = null } = {}) {
      const row = await inWorkspace(deps.databases.app, workspaceId, (trx) => inUse(trx, slug));
      const connector = connectorOf(deps.connectors, row.type);
      const config = parseConfig(connector, row.config);
      await refuseInadmissible({ set: deps.connectors, connector, config, saving: true });
      return { slug, type: row.type, ...(await openSecret(deps, row, { connector, config, runId })) };
    },
    list: (workspaceId) => inWorkspace(deps.databases.app, workspaceId, listSlugs),
  };
}
