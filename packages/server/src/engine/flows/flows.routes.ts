// HTTP only: joins the routes of the contract with the services.
import * as bulkRoutes from '@tidewheel/contract/routes/flow-bulk';
import * as versionRoutes from '@tidewheel/contract/routes/flow-versions';
import * as routes from '@tidewheel/contract/routes/flows';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { changeFlows } from './bulk.ts';
import { exportFlows, importFlows } from './bundle.service.ts';
import { discardDraft, publishDraft, saveDraft, showDraft, type TestStarter, testDraft } from './drafts.service.ts';
import type { FlowDeps } from './flow-checks.ts';
import { applyFlow, archiveFlow, listFlows, listStepTypes, restoreFlow, showFlow, validate } from './flows.service.ts';
import { diffFlow, listVersions, restoreVersion, switchFlowOff, switchFlowOn } from './versions.service.ts';

export function flowEndpoints(deps: FlowDeps): Endpoint[] {
  return [
    endpoint(routes.listFlows, ({ actor, query }) => listFlows(deps, actor, query)),
    endpoint(routes.showFlow, ({ actor, params, query }) => showFlow(deps, actor, { ...params, ...query })),
    endpoint(routes.applyFlow, ({ actor, body }) => applyFlow(deps, actor, body.source)),
    endpoint(routes.validateFlow, ({ actor, body }) => validate(deps, actor, body.source)),
    endpoint(routes.archiveFlow, ({ actor, params }) => archiveFlow(deps, actor, params.slug)),
    endpoint(routes.restoreFlow, ({ actor, params }) => restoreFlow(deps, actor, params.slug)),
    endpoint(bulkRoutes.changeFlows, ({ actor, body }) => changeFlows(deps, actor, body)),
    endpoint(routes.listVersions, ({ actor, params, query }) => listVersions(deps, actor, { slug: params.slug, ...query })),
    endpoint(routes.listStepTypes, async ({ actor }) => listStepTypes(deps, actor)),
  ];
}

export function flowVersionEndpoints(deps: FlowDeps & { runs: TestStarter }): Endpoint[] {
  return [
    endpoint(versionRoutes.showDraft, ({ actor, params }) => showDraft(deps, actor, params.slug)),
    endpoint(versionRoutes.saveDraft, ({ actor, params, body }) => saveDraft(deps, actor, { ...params, ...body })),
    endpoint(versionRoutes.discardDraft, ({ actor, params, query }) => discardDraft(deps, actor, { ...params, ...query })),
    endpoint(versionRoutes.publishDraft, ({ actor, params, body }) => publishDraft(deps, actor, { ...params, ...body })),
    endpoint(versionRoutes.testDraft, ({ actor, params, body }) => testDraft(deps, actor, { ...params, ...body })),
    endpoint(versionRoutes.diffFlow, ({ actor, params, query }) => diffFlow(deps, actor, { ...params, ...query })),
    endpoint(versionRoutes.restoreVersion, ({ actor, params }) => restoreVersion(deps, actor, params)),
    endpoint(versionRoutes.switchFlowOff, ({ actor, params, body }) => switchFlowOff(deps, actor, { ...params, ...body })),
    endpoint(versionRoutes.switchFlowOn, ({ actor, params }) => switchFlowOn(deps, actor, params.slug)),
    endpoint(versionRoutes.exportFlows, ({ actor, query }) => exportFlows(deps, actor, query)),
    endpoint(versionRoutes.importFlows, ({ actor, body }) => importFlows(deps, actor, body)),
  ];
}
