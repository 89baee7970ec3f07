// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const compareBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').compareBackup> = { name: 'backup.compare', method: 'POST', path: '/api/backups/compare', bodyType: 'application/octet-stream' };
export const createBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').createBackup> = { name: 'backup.create', method: 'POST', path: '/api/backups', responseType: 'application/octet-stream' };
export const restoreBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').restoreBackup> = { name: 'backup.restore', method: 'POST', path: '/api/backups/restore', bodyType: 'application/octet-stream' };
export const verifyBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').verifyBackup> = { name: 'backup.verify', method: 'POST', path: '/api/backups/verify', bodyType: 'application/octet-stream' };
