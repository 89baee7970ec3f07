// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/flows';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { applyFlow, archiveFlow, type FlowDeps, listFlows, listStepTypes, listVersions, restoreFlow, showFlow, validate } from './flows.service.ts';

export function flowEndpoints(deps: FlowDeps): Endpoint[] {
  return [
    endpoint(routes.listFlows, ({ actor, query }) => listFlows(deps, actor, query)),
    endpoint(routes.showFlow, ({ actor, params, query }) => showFlow(deps, actor, { slug: params.slug, version: query.version })),
    endpoint(routes.applyFlow, ({ actor, body }) => applyFlow(deps, actor, body.source)),
    endpoint(routes.validateFlow, ({ actor, body }) => validate(deps, actor, body.source)),
    endpoint(routes.archiveFlow, ({ actor, params }) => archiveFlow(deps, actor, params.slug)),
    endpoint(routes.restoreFlow, ({ actor, params }) => restoreFlow(deps, actor, params.slug)),
    endpoint(routes.listVersions, ({ actor, params, query }) => listVersions(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.listStepTypes, async ({ actor }) => listStepTypes(deps, actor)),
  ];
}
