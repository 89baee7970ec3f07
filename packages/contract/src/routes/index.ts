// Every route of the API, for the server that mounts them, the client and the tests that walk them. The one list.
import type { Route } from '../route.ts';
import * as access from './access.ts';
import * as approvals from './approvals.ts';
import * as audit from './audit.ts';
import * as backfills from './backfills.ts';
import * as backups from './backups.ts';
import * as bulk from './bulk.ts';
import * as calendars from './calendars.ts';
import * as changes from './changes.ts';
import * as channels from './channels.ts';
import * as colorBuffer from './color-buffer.ts';
import * as colorDashboard from './color-dashboard.ts';
import * as colorProcessings from './color-processings.ts';
import * as colorRules from './color-rules.ts';
import * as colorSearch from './color-search.ts';
import * as colorSessions from './color-sessions.ts';
import * as colorSheet from './color-sheet.ts';
import * as colorSources from './color-sources.ts';
import * as colorUploads from './color-uploads.ts';
import * as connections from './connections.ts';
import * as credentials from './credentials.ts';
import * as deadLetters from './dead-letters.ts';
import * as engine from './engine.ts';
import * as files from './files.ts';
import * as flowBulk from './flow-bulk.ts';
import * as flowVersions from './flow-versions.ts';
import * as flows from './flows.ts';
import * as identity from './identity.ts';
import * as mail from './mail.ts';
import * as notificationMessages from './notification-messages.ts';
import * as notificationRules from './notification-rules.ts';
import * as notifications from './notifications.ts';
import * as passkeys from './passkeys.ts';
import * as performance from './performance.ts';
import * as runItems from './run-items.ts';
import * as runLogs from './run-logs.ts';
import * as runOperations from './run-operations.ts';
import * as runWhy from './run-why.ts';
import * as runs from './runs.ts';
import * as schedules from './schedules.ts';
import * as secondFactor from './second-factor.ts';
import * as security from './security.ts';
import * as separations from './separations.ts';
import * as serviceAccounts from './service-accounts.ts';
import * as signIn from './sign-in.ts';
import * as signals from './signals.ts';
import * as sso from './sso.ts';
import * as system from './system.ts';
import * as targetGroups from './target-groups.ts';
import * as targetOperations from './target-operations.ts';
import * as targetRelations from './target-relations.ts';
import * as targets from './targets.ts';
import * as tokens from './tokens.ts';
import * as triggers from './triggers.ts';
import * as users from './users.ts';
import * as workspaces from './workspaces.ts';

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;
}

export const allRoutes: readonly Route[] = [
  flows,
  flowVersions,
  flowBulk,
  runs,
  runItems,
  runLogs,
  runWhy,
  runOperations,
  bulk,
  deadLetters,
  backfills,
  backups,
  performance,
  schedules,
  approvals,
  signals,
  connections,
  credentials,
  targets,
  targetGroups,
  targetOperations,
  targetRelations,
  files,
  calendars,
  colorBuffer,
  colorDashboard,
  colorProcessings,
  colorRules,
  colorSessions,
  colorSearch,
  colorSheet,
  colorSources,
  colorUploads,
  identity,
  access,
  audit,
  changes,
  mail,
  notifications,
  channels,
  notificationRules,
  notificationMessages,
  secondFactor,
  passkeys,
  security,
  separations,
  serviceAccounts,
  signIn,
  sso,
  system,
  engine,
  tokens,
  triggers,
  users,
  workspaces,
].flatMap((module) => Object.values(module).filter(isRoute));
