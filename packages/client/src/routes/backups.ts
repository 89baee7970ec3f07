// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const compareBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').compareBackup> = { name: 'backup.compare', method: 'POST', path: '/api/backups/{backup}/compare' };
export const compareBackupRows: RouteRef<typeof import('@tidewheel/contract/routes/backups').compareBackupRows> = { name: 'backup.compare_rows', method: 'POST', path: '/api/backups/{backup}/compare/{table}' };
export const createBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').createBackup> = { name: 'backup.create', method: 'POST', path: '/api/backups' };
export const downloadBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').downloadBackup> = { name: 'backup.download', method: 'GET', path: '/api/backups/{backup}/content', responseType: 'application/octet-stream' };
export const listBackups: RouteRef<typeof import('@tidewheel/contract/routes/backups').listBackups> = { name: 'backup.list', method: 'GET', path: '/api/backups' };
export const removeBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').removeBackup> = { name: 'backup.remove', method: 'DELETE', path: '/api/backups/{backup}' };
export const restoreBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').restoreBackup> = { name: 'backup.restore', method: 'POST', path: '/api/backups/{backup}/restore' };
export const showBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').showBackup> = { name: 'backup.show', method: 'GET', path: '/api/backups/{backup}' };
export const uploadBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').uploadBackup> = { name: 'backup.upload', method: 'POST', path: '/api/backups/upload', bodyType: 'application/octet-stream' };
export const verifyBackup: RouteRef<typeof import('@tidewheel/contract/routes/backups').verifyBackup> = { name: 'backup.verify', method: 'POST', path: '/api/backups/{backup}/verify' };
