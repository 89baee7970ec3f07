// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/backups';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { type BackupDeps, compareBackup, createBackup, restoreBackup, verifyBackup } from './backups.service.ts';

export function backupEndpoints(deps: BackupDeps): Endpoint[] {
  return [
    endpoint(routes.createBackup, ({ actor }) => createBackup(deps, actor)),
    endpoint(routes.verifyBackup, ({ actor, body }) => verifyBackup(deps, actor, body)),
    endpoint(routes.compareBackup, ({ actor, body }) => compareBackup(deps, actor, body)),
    endpoint(routes.restoreBackup, ({ actor, body }) => restoreBackup(deps, actor, body)),
  ];
}
