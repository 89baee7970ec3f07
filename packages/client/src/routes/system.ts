// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listWorkers: RouteRef<typeof import('@tidewheel/contract/routes/system').listWorkers> = { name: 'worker.list', method: 'GET', path: '/api/workers' };
export const live: RouteRef<typeof import('@tidewheel/contract/routes/system').live> = { name: 'health.live', method: 'GET', path: '/health/live' };
export const metrics: RouteRef<typeof import('@tidewheel/contract/routes/system').metrics> = { name: 'health.metrics', method: 'GET', path: '/health/metrics', responseType: 'application/octet-stream' };
export const ping: RouteRef<typeof import('@tidewheel/contract/routes/system').ping> = { name: 'system.ping', method: 'GET', path: '/api/ping' };
export const ready: RouteRef<typeof import('@tidewheel/contract/routes/system').ready> = { name: 'health.ready', method: 'GET', path: '/health/ready' };
