// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/audit';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type AuditDeps, exportAudit, listAudit, showAudit, showCheckpoint } from './audit.service.ts';
import { showRetention, updateRetention } from './retention.service.ts';

export function auditEndpoints(deps: AuditDeps): Endpoint[] {
  return [
    endpoint(routes.listAudit, ({ actor, query }) => listAudit(deps, actor, query)),
    endpoint(routes.exportAudit, ({ actor, query }) => exportAudit(deps, actor, query)),
    endpoint(routes.showCheckpoint, ({ actor, query }) => showCheckpoint(deps, actor, query)),
    endpoint(routes.showRetention, ({ actor }) => showRetention(deps, actor)),
    endpoint(routes.updateRetention, ({ actor, body }) => updateRetention(deps, actor, body.days)),
    endpoint(routes.showAudit, ({ actor, params }) => showAudit(deps, actor, params.id)),
  ];
}
