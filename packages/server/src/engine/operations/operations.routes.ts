// HTTP only: joins the routes of the contract with the services.
import * as routes from '@tidewheel/contract/routes/run-operations';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { OperationsDependencies } from './operations-deps.ts';
import { pause, resume } from './pause.service.ts';
import { previewRerun, rerun } from './rerun.service.ts';

export function operationEndpoints(deps: OperationsDependencies): Endpoint[] {
  return [
    endpoint(routes.pauseRun, ({ actor, params }) => pause(deps, actor, params.id)),
    endpoint(routes.resumeRun, ({ actor, params }) => resume(deps, actor, params.id)),
    endpoint(routes.rerunRun, ({ actor, params, body }) => rerun(deps, actor, { ...params, ...body })),
    endpoint(routes.previewRerun, ({ actor, params, body }) => previewRerun(deps, actor, { ...params, ...body })),
  ];
}
