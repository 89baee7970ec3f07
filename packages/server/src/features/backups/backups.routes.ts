// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/backups';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type BackupDeps, compareBackup, compareBackupRows, createBackup, downloadBackup, listBackups, restoreBackup, showBackup } from './backups.service.ts';
import { removeBackup, uploadBackup } from './keep-backups.service.ts';
import { verifyBackup } from './verify-backup.service.ts';

export function backupEndpoints(deps: BackupDeps): Endpoint[] {
  return [
    endpoint(routes.listBackups, ({ actor, query }) => listBackups(deps, actor, query)),
    endpoint(routes.createBackup, ({ actor, body }) => createBackup(deps, actor, body)),
    endpoint(routes.uploadBackup, ({ actor, body }) => uploadBackup(deps, actor, body)),
    endpoint(routes.showBackup, ({ actor, params }) => showBackup(deps, actor, params.backup)),
    endpoint(routes.removeBackup, ({ actor, params, call }) => removeBackup(deps, actor, { number: params.backup, signal: call.signal })),
    endpoint(routes.downloadBackup, ({ actor, params, call }) => downloadBackup(deps, actor, { number: params.backup, signal: call.signal })),
    endpoint(routes.verifyBackup, ({ actor, params, body, call }) => verifyBackup(deps, actor, { number: params.backup, ...body, signal: call.signal })),
    endpoint(routes.compareBackup, ({ actor, params, body, call }) => compareBackup(deps, actor, { number: params.backup, ...body, signal: call.signal })),
    endpoint(routes.compareBackupRows, ({ actor, params: { backup, table }, body, call }) =>
      compareBackupRows(deps, actor, { number: backup, table, ...body, signal: call.signal }),
    ),
    endpoint(routes.restoreBackup, ({ actor, params, body, call }) => restoreBackup(deps, actor, { number: params.backup, ...body, signal: call.signal })),
  ];
}
