// HTTP only: joins the routes of the contract with the services.
import * as groups from '@tidewheel/contract/routes/target-groups';
import * as operations from '@tidewheel/contract/routes/target-operations';
import * as relations from '@tidewheel/contract/routes/target-relations';
import * as routes from '@tidewheel/contract/routes/targets';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { changeTargets } from './bulk.ts';
import { exportTargets } from './export.ts';
import { importTargets } from './import/import-targets.ts';
import { endMaintenance, startMaintenance } from './maintenance.ts';
import { listTargetHubs, showTargetRelations } from './neighbourhood.ts';
import { archiveTargetGroup, createTargetGroup, listTargetGroups, previewTargetGroup, showTargetGroup, updateTargetGroup } from './target-groups.service.ts';
import { listTargetRuns } from './target-runs.ts';
import { gatherTarget, testTarget, testTargets, tryTarget } from './target-test.ts';
import {
  archiveTarget,
  createTarget,
  listTargets,
  listTransports,
  restoreTarget,
  showTarget,
  summarizeTargets,
  type TargetDeps,
  updateTarget,
} from './targets.service.ts';

export function targetEndpoints(deps: TargetDeps): Endpoint[] {
  return [
    endpoint(routes.listTransports, async ({ actor }) => listTransports(deps, actor)),
    endpoint(routes.listTargets, ({ actor, query }) => listTargets(deps, actor, query)),
    endpoint(routes.summarizeTargets, ({ actor, query }) => summarizeTargets(deps, actor, query)),
    endpoint(routes.showTarget, ({ actor, params }) => showTarget(deps, actor, params.target)),
    endpoint(relations.showTargetRelations, ({ actor, params, query }) => showTargetRelations(deps, actor, { ...query, asked: params.target })),
    endpoint(relations.listTargetHubs, ({ actor, query }) => listTargetHubs(deps, actor, query)),
    endpoint(routes.createTarget, ({ actor, body }) => createTarget(deps, actor, body)),
    endpoint(routes.updateTarget, ({ actor, params, body }) => updateTarget(deps, actor, { ...body, asked: params.target })),
    endpoint(routes.archiveTarget, ({ actor, params }) => archiveTarget(deps, actor, params.target)),
    endpoint(routes.restoreTarget, ({ actor, params }) => restoreTarget(deps, actor, params.target)),
    endpoint(routes.testTarget, ({ actor, params, call }) => testTarget(deps, actor, { asked: params.target, signal: call.signal })),
    endpoint(routes.tryTarget, ({ actor, body, call }) => tryTarget(deps, actor, { ...body, signal: call.signal })),
    endpoint(routes.gatherTarget, ({ actor, params, call }) => gatherTarget(deps, actor, { asked: params.target, signal: call.signal })),
    endpoint(routes.startMaintenance, ({ actor, params, body }) => startMaintenance(deps, actor, { ...body, asked: params.target })),
    endpoint(routes.endMaintenance, ({ actor, params }) => endMaintenance(deps, actor, params.target)),
    endpoint(routes.listTargetRuns, ({ actor, params, query }) => listTargetRuns(deps, actor, { ...query, asked: params.target })),
    endpoint(operations.changeTargets, ({ actor, body }) => changeTargets(deps, actor, body)),
    endpoint(operations.testTargets, ({ actor, body, call }) => testTargets(deps, actor, { ...body, signal: call.signal })),
    endpoint(operations.importTargets, ({ actor, body }) => importTargets(deps, actor, body)),
    endpoint(operations.exportTargets, ({ actor, query }) => exportTargets(deps, actor, query)),
    endpoint(groups.listTargetGroups, ({ actor, query }) => listTargetGroups(deps, actor, query)),
    endpoint(groups.showTargetGroup, ({ actor, params }) => showTargetGroup(deps, actor, params.slug)),
    endpoint(groups.previewTargetGroup, ({ actor, body }) => previewTargetGroup(deps, actor, body)),
    endpoint(groups.createTargetGroup, ({ actor, body }) => createTargetGroup(deps, actor, body)),
    endpoint(groups.updateTargetGroup, ({ actor, params, body }) => updateTargetGroup(deps, actor, { ...body, slug: params.slug })),
    endpoint(groups.archiveTargetGroup, ({ actor, params }) => archiveTargetGroup(deps, actor, params.slug)),
  ];
}
