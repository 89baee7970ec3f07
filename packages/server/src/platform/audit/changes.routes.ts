// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/changes';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type ChangeDeps, listChangeModules, listChanges, revertChange, showChange } from './changes.service.ts';

export function changeEndpoints(deps: ChangeDeps): Endpoint[] {
  return [
    endpoint(routes.listChangeModules, ({ actor }) => listChangeModules(deps, actor)),
    endpoint(routes.listChanges, ({ actor, query }) => listChanges(deps, actor, query)),
    endpoint(routes.showChange, ({ actor, params }) => showChange(deps, actor, params.id)),
    endpoint(routes.revertChange, ({ actor, params }) => revertChange(deps, actor, params.id)),
  ];
}
