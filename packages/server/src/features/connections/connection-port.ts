// How the engine opens connections for steps.
import type { ConnectionPort } from '../../engine/ports.ts';
import { inWorkspace } from '../../storage/database.ts';
import { type ConnectionDeps, inUse, purposeOf } from './connections.service.ts';
import { listSlugs } from './connections.store.ts';
import { connectorOf, parseConfig, refuseInadmissible } from './connectors.ts';

/** Limits are asked at every opening, so that what an administrator narrows takes effect at once. */
export function createConnectionPort(deps: ConnectionDeps): ConnectionPort {
  return {
    async open(workspaceId, slug) {
      const row = await inWorkspace(deps.databases.app, workspaceId, (trx) => inUse(trx, slug));
      const connector = connectorOf(deps.connectors, row.type);
      const config = parseConfig(connector, row.config);
      await refuseInadmissible({ set: deps.connectors, connector, config, saving: true });
      if (row.credential_id === null) return { slug, type: row.type, config, secret: null, release: () => {} };
      const { secret, release } = await deps.vault.open({ workspaceId, credentialId: row.credential_id, purpose: purposeOf(row.type) });
      return { slug, type: row.type, config, secret, release };
    },
    list: (workspaceId) => inWorkspace(deps.databases.app, workspaceId, listSlugs),
  };
}
