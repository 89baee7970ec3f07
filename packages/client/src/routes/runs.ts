// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const cancelRun: RouteRef<typeof import('@tidewheel/contract/routes/runs').cancelRun> = { name: 'run.cancel', method: 'POST', path: '/api/runs/{id}/cancel' };
export const downloadArtifact: RouteRef<typeof import('@tidewheel/contract/routes/runs').downloadArtifact> = { name: 'artifact.download', method: 'GET', path: '/api/artifacts/{id}/content', responseType: 'application/octet-stream' };
export const listArtifacts: RouteRef<typeof import('@tidewheel/contract/routes/runs').listArtifacts> = { name: 'artifact.list', method: 'GET', path: '/api/artifacts' };
export const listDeliveries: RouteRef<typeof import('@tidewheel/contract/routes/runs').listDeliveries> = { name: 'delivery.list', method: 'GET', path: '/api/deliveries' };
export const listEvents: RouteRef<typeof import('@tidewheel/contract/routes/runs').listEvents> = { name: 'run.events', method: 'GET', path: '/api/runs/{id}/events' };
export const listRuns: RouteRef<typeof import('@tidewheel/contract/routes/runs').listRuns> = { name: 'run.list', method: 'GET', path: '/api/runs' };
export const showPreview: RouteRef<typeof import('@tidewheel/contract/routes/runs').showPreview> = { name: 'run.preview', method: 'GET', path: '/api/runs/{id}/steps/{step}/preview' };
export const showRun: RouteRef<typeof import('@tidewheel/contract/routes/runs').showRun> = { name: 'run.show', method: 'GET', path: '/api/runs/{id}' };
export const showTable: RouteRef<typeof import('@tidewheel/contract/routes/runs').showTable> = { name: 'run.table', method: 'GET', path: '/api/runs/{id}/steps/{step}/table' };
export const startRun: RouteRef<typeof import('@tidewheel/contract/routes/runs').startRun> = { name: 'run.start', method: 'POST', path: '/api/flows/{slug}/runs' };
export const streamEvents: RouteRef<typeof import('@tidewheel/contract/routes/runs').streamEvents> = { name: 'run.stream', method: 'GET', path: '/api/runs/{id}/stream', responseType: 'text/event-stream' };
