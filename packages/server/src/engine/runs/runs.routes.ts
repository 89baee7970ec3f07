import * as routes from '@tidewheel/contract/routes/runs';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import type { RunsService } from './runs.service.ts';

export function runEndpoints({ runs }: { runs: RunsService }): Endpoint[] {
  return [
    endpoint(routes.startRun, ({ actor, params, body }) => runs.startRun(actor, { slug: params.slug, ...body })),
    endpoint(routes.listRuns, ({ actor, query }) => runs.listRuns(actor, query)),
    endpoint(routes.showRun, ({ actor, params }) => runs.showRun(actor, params.id)),
    endpoint(routes.cancelRun, ({ actor, params }) => runs.cancelRun(actor, params.id)),
    endpoint(routes.listEvents, ({ actor, params, query }) => runs.listEvents(actor, { run: params.id, ...query })),
    endpoint(routes.showPreview, ({ actor, params }) => runs.showPreview(actor, { run: params.id, step: params.step })),
    endpoint(routes.showTable, ({ actor, params, query }) => runs.showTable(actor, { run: params.id, step: params.step, ...query })),
    endpoint(routes.listArtifacts, ({ actor, query }) => runs.listArtifacts(actor, query)),
    endpoint(routes.downloadArtifact, ({ actor, params }) => runs.downloadArtifact(actor, params.id)),
    endpoint(routes.listDeliveries, ({ actor, query }) => runs.listDeliveries(actor, query)),
  ];
}
