// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').archiveConnection> = { name: 'connection.archive', method: 'DELETE', path: '/api/connections/{slug}' };
export const createConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').createConnection> = { name: 'connection.create', method: 'POST', path: '/api/connections' };
export const listConnections: RouteRef<typeof import('@tidewheel/contract/routes/connections').listConnections> = { name: 'connection.list', method: 'GET', path: '/api/connections' };
export const listConnectors: RouteRef<typeof import('@tidewheel/contract/routes/connections').listConnectors> = { name: 'connector.list', method: 'GET', path: '/api/connectors' };
export const showConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').showConnection> = { name: 'connection.show', method: 'GET', path: '/api/connections/{slug}' };
export const testConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').testConnection> = { name: 'connection.test', method: 'POST', path: '/api/connections/{slug}/test' };
export const tryConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').tryConnection> = { name: 'connection.try', method: 'POST', path: '/api/connections/try' };
export const updateConnection: RouteRef<typeof import('@tidewheel/contract/routes/connections').updateConnection> = { name: 'connection.update', method: 'PUT', path: '/api/connections/{slug}' };
