// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const downloadLog: RouteRef<typeof import('@tidewheel/contract/routes/run-logs').downloadLog> = { name: 'run.downloadLog', method: 'GET', path: '/api/runs/{id}/logs/download', responseType: 'application/octet-stream' };
export const listLogs: RouteRef<typeof import('@tidewheel/contract/routes/run-logs').listLogs> = { name: 'run.logs', method: 'GET', path: '/api/runs/{id}/logs' };
export const searchLogs: RouteRef<typeof import('@tidewheel/contract/routes/run-logs').searchLogs> = { name: 'run.searchLogs', method: 'GET', path: '/api/runs/{id}/logs/search' };
