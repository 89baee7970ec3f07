// What people work with every day.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { onlyWith } from '../page-access.tsx';
import {
  approvalsSearch,
  artifactsSearch,
  backfillsSearch,
  connectionsSearch,
  credentialsSearch,
  deadLettersSearch,
  flowSearch,
  flowsSearch,
  inboxSearch,
  newConnectionSearch,
  newFlowSearch,
  newScheduleSearch,
  newTriggerSearch,
  performanceSearch,
  runSearch,
  runsSearch,
  scheduleSearch,
  schedulesSearch,
  targetRelationsSearch,
  targetSearch,
  targetsSearch,
  terminalSearch,
  textSearch,
  triggerSearch,
  triggersSearch,
} from '../search.ts';
import { app } from './root.ts';

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('../../features/home/pages/HomePage.tsx'), 'HomePage'),
});
const flows = createRoute({
  getParentRoute: () => app,
  path: '/flows',
  validateSearch: flowsSearch,
  component: onlyWith(
    'flow.read',
    lazyRouteComponent(() => import('../../features/flows/pages/FlowsPage.tsx'), 'FlowsPage'),
  ),
});
const newFlow = createRoute({
  getParentRoute: () => app,
  path: '/flows/new',
  validateSearch: newFlowSearch,
  component: onlyWith(
    'flow.edit',
    lazyRouteComponent(() => import('../../features/flows/pages/NewFlowPage.tsx'), 'NewFlowPage'),
  ),
});
const flow = createRoute({
  getParentRoute: () => app,
  path: '/flows/$slug',
  validateSearch: flowSearch,
  component: onlyWith(
    'flow.read',
    lazyRouteComponent(() => import('../../features/flows/pages/FlowPage.tsx'), 'FlowPage'),
  ),
});
const runs = createRoute({
  getParentRoute: () => app,
  path: '/runs',
  validateSearch: runsSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/runs/pages/RunsPage.tsx'), 'RunsPage'),
  ),
});
const run = createRoute({
  getParentRoute: () => app,
  path: '/runs/$id',
  validateSearch: runSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/runs/pages/RunPage.tsx'), 'RunPage'),
  ),
});
const approvals = createRoute({
  getParentRoute: () => app,
  path: '/approvals',
  validateSearch: approvalsSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/approvals/pages/ApprovalsPage.tsx'), 'ApprovalsPage'),
  ),
});
const approval = createRoute({
  getParentRoute: () => app,
  path: '/approvals/$id',
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/approvals/pages/ApprovalPage.tsx'), 'ApprovalPage'),
  ),
});
const deadLetters = createRoute({
  getParentRoute: () => app,
  path: '/operate/dead-letters',
  validateSearch: deadLettersSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/operations/pages/DeadLettersPage.tsx'), 'DeadLettersPage'),
  ),
});
const performanceTests = createRoute({
  getParentRoute: () => app,
  path: '/operate/performance',
  validateSearch: performanceSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/operations/pages/PerformancePage.tsx'), 'PerformancePage'),
  ),
});
const backfills = createRoute({
  getParentRoute: () => app,
  path: '/operate/backfills',
  validateSearch: backfillsSearch,
  component: onlyWith(
    'run.read',
    lazyRouteComponent(() => import('../../features/operations/pages/BackfillsPage.tsx'), 'BackfillsPage'),
  ),
});
const notifications = createRoute({
  getParentRoute: () => app,
  path: '/notifications',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import('../../features/notifications/pages/InboxPage.tsx'), 'InboxPage'),
});
const notificationPreferences = createRoute({
  getParentRoute: () => app,
  path: '/profile/notifications',
  component: lazyRouteComponent(() => import('../../features/notifications/pages/PreferencesPage.tsx'), 'PreferencesPage'),
});
const artifacts = createRoute({
  getParentRoute: () => app,
  path: '/artifacts',
  validateSearch: artifactsSearch,
  component: onlyWith(
    'artifact.read',
    lazyRouteComponent(() => import('../../features/artifacts/pages/ArtifactsPage.tsx'), 'ArtifactsPage'),
  ),
});
const schedules = createRoute({
  getParentRoute: () => app,
  path: '/schedules',
  validateSearch: schedulesSearch,
  component: onlyWith(
    'schedule.read',
    lazyRouteComponent(() => import('../../features/schedules/pages/SchedulesPage.tsx'), 'SchedulesPage'),
  ),
});
const newSchedule = createRoute({
  getParentRoute: () => app,
  path: '/schedules/new',
  validateSearch: newScheduleSearch,
  component: onlyWith(
    'schedule.edit',
    lazyRouteComponent(() => import('../../features/schedules/pages/NewSchedulePage.tsx'), 'NewSchedulePage'),
  ),
});
const schedule = createRoute({
  getParentRoute: () => app,
  path: '/schedules/$slug',
  validateSearch: scheduleSearch,
  component: onlyWith(
    'schedule.read',
    lazyRouteComponent(() => import('../../features/schedules/pages/SchedulePage.tsx'), 'SchedulePage'),
  ),
});
const triggers = createRoute({
  getParentRoute: () => app,
  path: '/triggers',
  validateSearch: triggersSearch,
  component: onlyWith(
    'trigger.read',
    lazyRouteComponent(() => import('../../features/triggers/pages/TriggersPage.tsx'), 'TriggersPage'),
  ),
});
const newTrigger = createRoute({
  getParentRoute: () => app,
  path: '/triggers/new',
  validateSearch: newTriggerSearch,
  component: onlyWith(
    'trigger.edit',
    lazyRouteComponent(() => import('../../features/triggers/pages/NewTriggerPage.tsx'), 'NewTriggerPage'),
  ),
});
const trigger = createRoute({
  getParentRoute: () => app,
  path: '/triggers/$slug',
  validateSearch: triggerSearch,
  component: onlyWith(
    'trigger.read',
    lazyRouteComponent(() => import('../../features/triggers/pages/TriggerPage.tsx'), 'TriggerPage'),
  ),
});
const connections = createRoute({
  getParentRoute: () => app,
  path: '/connections',
  validateSearch: connectionsSearch,
  component: onlyWith(
    'connection.read',
    lazyRouteComponent(() => import('../../features/connections/pages/ConnectionsPage.tsx'), 'ConnectionsPage'),
  ),
});
const newConnection = createRoute({
  getParentRoute: () => app,
  path: '/connections/new',
  validateSearch: newConnectionSearch,
  component: onlyWith(
    'connection.edit',
    lazyRouteComponent(() => import('../../features/connections/pages/NewConnectionPage.tsx'), 'NewConnectionPage'),
  ),
});
const credentials = createRoute({
  getParentRoute: () => app,
  path: '/credentials',
  validateSearch: credentialsSearch,
  component: onlyWith(
    'credential.read',
    lazyRouteComponent(() => import('../../features/credentials/pages/CredentialsPage.tsx'), 'CredentialsPage'),
  ),
});
const newCredential = createRoute({
  getParentRoute: () => app,
  path: '/credentials/new',
  validateSearch: newConnectionSearch,
  component: onlyWith(
    'credential.edit',
    lazyRouteComponent(() => import('../../features/credentials/pages/NewCredentialPage.tsx'), 'NewCredentialPage'),
  ),
});
const credential = createRoute({
  getParentRoute: () => app,
  path: '/credentials/$slug',
  component: onlyWith(
    'credential.read',
    lazyRouteComponent(() => import('../../features/credentials/pages/CredentialPage.tsx'), 'CredentialPage'),
  ),
});
const connection = createRoute({
  getParentRoute: () => app,
  path: '/connections/$slug',
  component: onlyWith(
    'connection.read',
    lazyRouteComponent(() => import('../../features/connections/pages/ConnectionPage.tsx'), 'ConnectionPage'),
  ),
});
const targets = createRoute({
  getParentRoute: () => app,
  path: '/targets',
  validateSearch: targetsSearch,
  component: onlyWith(
    'target.read',
    lazyRouteComponent(() => import('../../features/targets/pages/TargetsPage.tsx'), 'TargetsPage'),
  ),
});
const newTarget = createRoute({
  getParentRoute: () => app,
  path: '/new-target',
  component: onlyWith(
    'target.edit',
    lazyRouteComponent(() => import('../../features/targets/pages/NewTargetPage.tsx'), 'NewTargetPage'),
  ),
});
const targetGroups = createRoute({
  getParentRoute: () => app,
  path: '/target-groups',
  validateSearch: textSearch,
  component: onlyWith(
    'target.read',
    lazyRouteComponent(() => import('../../features/targets/pages/TargetGroupsPage.tsx'), 'TargetGroupsPage'),
  ),
});
const targetRelations = createRoute({
  getParentRoute: () => app,
  path: '/target-relations',
  validateSearch: targetRelationsSearch,
  component: onlyWith(
    'target.read',
    lazyRouteComponent(() => import('../../features/targets/pages/TargetRelationsPage.tsx'), 'TargetRelationsPage'),
  ),
});
const target = createRoute({
  getParentRoute: () => app,
  path: '/targets/$target',
  validateSearch: targetSearch,
  component: onlyWith(
    'target.read',
    lazyRouteComponent(() => import('../../features/targets/pages/TargetPage.tsx'), 'TargetPage'),
  ),
});
const files = createRoute({
  getParentRoute: () => app,
  path: '/files',
  validateSearch: textSearch,
  component: onlyWith(
    'file.read',
    lazyRouteComponent(() => import('../../features/files/pages/FilesPage.tsx'), 'FilesPage'),
  ),
});
const delegations = createRoute({
  getParentRoute: () => app,
  path: '/profile/delegations',
  component: lazyRouteComponent(() => import('../../features/access/pages/DelegationsPage.tsx'), 'DelegationsPage'),
});
const terminal = createRoute({
  getParentRoute: () => app,
  path: '/terminal',
  validateSearch: terminalSearch,
  component: lazyRouteComponent(() => import('../../features/sign-in/pages/TerminalPage.tsx'), 'TerminalPage'),
});
const profile = createRoute({
  getParentRoute: () => app,
  path: '/profile',
  component: lazyRouteComponent(() => import('../../features/admin/pages/ProfilePage.tsx'), 'ProfilePage'),
});

export const workRoutes = [
  home,
  flows,
  newFlow,
  flow,
  runs,
  run,
  approvals,
  approval,
  deadLetters,
  backfills,
  performanceTests,
  schedules,
  newSchedule,
  schedule,
  triggers,
  newTrigger,
  trigger,
  notifications,
  notificationPreferences,
  artifacts,
  connections,
  newConnection,
  credentials,
  newCredential,
  credential,
  connection,
  targets,
  newTarget,
  targetGroups,
  targetRelations,
  target,
  files,
  delegations,
  terminal,
  profile,
] as const;
