import * as routes from '@tidewheel/contract/routes/approvals';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { decide, listApprovals, showApproval } from './approvals.service.ts';
import type { DecideDeps } from './cast-vote.ts';

export function approvalEndpoints(deps: DecideDeps): Endpoint[] {
  return [
    endpoint(routes.listApprovals, ({ actor, query }) => listApprovals(deps, actor, query)),
    endpoint(routes.showApproval, ({ actor, params }) => showApproval(deps, actor, params.id)),
    endpoint(routes.decideApproval, ({ actor, params, body }) => decide(deps, actor, { id: params.id, ...body })),
  ];
}
