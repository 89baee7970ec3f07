import * as routes from '@tidewheel/contract/routes/run-logs';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { downloadLog, type LogsDependencies, listLogs, searchLogs } from './run-logs.service.ts';

export function runLogEndpoints(deps: LogsDependencies): Endpoint[] {
  return [
    endpoint(routes.listLogs, ({ actor, params, query }) => listLogs(deps, actor, { run: params.id, ...query })),
    endpoint(routes.searchLogs, ({ actor, params, query }) => searchLogs(deps, actor, { run: params.id, ...query })),
    endpoint(routes.downloadLog, ({ actor, params }) => downloadLog(deps, actor, params.id)),
  ];
}
