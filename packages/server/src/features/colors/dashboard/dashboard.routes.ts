// HTTP only.
import * as routes from '@tidewheel/contract/routes/color-dashboard';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { showDashboard } from './dashboard.service.ts';
import { type DashboardExportDeps, exportDashboard } from './export-dashboard.ts';

export function colorDashboardEndpoints(deps: DashboardExportDeps): Endpoint[] {
  return [
    endpoint(routes.showColorDashboard, ({ actor, query }) => showDashboard(deps, actor, query)),
    endpoint(routes.exportColorDashboard, ({ actor, query }) => exportDashboard(deps, actor, query)),
  ];
}
