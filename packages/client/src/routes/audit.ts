// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const exportAudit: RouteRef<typeof import('@tidewheel/contract/routes/audit').exportAudit> = { name: 'audit.export', method: 'GET', path: '/api/audit/export', responseType: 'application/octet-stream' };
export const listAudit: RouteRef<typeof import('@tidewheel/contract/routes/audit').listAudit> = { name: 'audit.list', method: 'GET', path: '/api/audit' };
export const showAudit: RouteRef<typeof import('@tidewheel/contract/routes/audit').showAudit> = { name: 'audit.show', method: 'GET', path: '/api/audit/{id}' };
export const showCheckpoint: RouteRef<typeof import('@tidewheel/contract/routes/audit').showCheckpoint> = { name: 'audit.checkpoint', method: 'GET', path: '/api/audit/checkpoint' };
export const showRetention: RouteRef<typeof import('@tidewheel/contract/routes/audit').showRetention> = { name: 'audit.retention', method: 'GET', path: '/api/audit/retention' };
export const updateRetention: RouteRef<typeof import('@tidewheel/contract/routes/audit').updateRetention> = { name: 'audit.setRetention', method: 'PUT', path: '/api/audit/retention' };
