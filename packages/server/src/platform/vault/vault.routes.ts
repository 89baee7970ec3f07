import * as routes from '@tidewheel/contract/routes/credentials';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type RewrapDeps, showVault, startRewrap } from './rewrap.ts';

export function vaultEndpoints(deps: RewrapDeps): Endpoint[] {
  return [endpoint(routes.showVault, ({ actor }) => showVault(deps, actor)), endpoint(routes.rewrapVault, ({ actor }) => startRewrap(deps, actor))];
}
