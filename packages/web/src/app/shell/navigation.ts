// The groups of the navigation. An entry shows to those who may use it.

import {
  IconArrowBackUp,
  IconBellCog,
  IconBolt,
  IconBuilding,
  IconCalendar,
  IconCalendarClock,
  IconCalendarRepeat,
  IconChartBar,
  IconClockPlay,
  IconColumns3,
  IconDatabaseExport,
  IconFileDownload,
  IconFiles,
  IconFilter,
  IconGauge,
  IconHistory,
  IconHome,
  IconInbox,
  IconKey,
  IconListDetails,
  IconListSearch,
  IconLock,
  IconLogin2,
  IconMail,
  IconMailX,
  IconPlayerPlay,
  IconPlug,
  IconRobot,
  IconServer,
  IconServer2,
  IconShieldLock,
  IconSitemap,
  IconTable,
  IconUsers,
  IconWall,
  IconWritingSign,
} from '@tabler/icons-react';
import type { Permission } from '@tidewheel/contract/route';
import type { StatusIcon } from '../../shared/status.ts';

export interface NavigationEntry {
  to:
    | '/'
    | '/flows'
    | '/runs'
    | '/approvals'
    | '/operate/dead-letters'
    | '/operate/backfills'
    | '/operate/performance'
    | '/schedules'
    | '/triggers'
    | '/calendars'
    | '/artifacts'
    | '/colors/desk'
    | '/colors/automation'
    | '/colors/buffer'
    | '/colors/columns'
    | '/colors/rules'
    | '/colors/sessions'
    | '/colors/processings'
    | '/colors/search'
    | '/connections'
    | '/credentials'
    | '/targets'
    | '/files'
    | '/admin/users'
    | '/admin/roles'
    | '/admin/sso'
    | '/admin/service-accounts'
    | '/admin/workspaces'
    | '/admin/mail'
    | '/admin/notifications'
    | '/admin/security'
    | '/admin/audit'
    | '/admin/changes'
    | '/admin/backups'
    | '/admin/vault'
    | '/admin/system';
  label: string;
  icon: StatusIcon;
  permission?: Permission;
}

export const navigation: { title: string | null; entries: NavigationEntry[] }[] = [
  { title: null, entries: [{ to: '/', label: 'Home', icon: IconHome }] },
  { title: 'Build', entries: [{ to: '/flows', label: 'Flows', icon: IconSitemap, permission: 'flow.read' }] },
  {
    title: 'Run',
    entries: [
      { to: '/runs', label: 'Runs', icon: IconPlayerPlay, permission: 'run.read' },
      { to: '/schedules', label: 'Schedules', icon: IconCalendarClock, permission: 'schedule.read' },
      { to: '/triggers', label: 'Triggers', icon: IconBolt, permission: 'trigger.read' },
      { to: '/approvals', label: 'Approvals', icon: IconWritingSign, permission: 'approval.decide' },
      { to: '/operate/dead-letters', label: 'Dead letters', icon: IconMailX, permission: 'run.read' },
      { to: '/operate/backfills', label: 'Backfills', icon: IconCalendarRepeat, permission: 'run.read' },
      { to: '/operate/performance', label: 'Performance', icon: IconGauge, permission: 'run.read' },
      { to: '/calendars', label: 'Calendars', icon: IconCalendar, permission: 'calendar.read' },
      { to: '/artifacts', label: 'Artifacts & deliveries', icon: IconFileDownload, permission: 'artifact.read' },
    ],
  },
  {
    title: 'Colors',
    entries: [
      { to: '/colors/desk', label: 'Desk', icon: IconChartBar, permission: 'color.read' },
      { to: '/colors/automation', label: 'Automation', icon: IconClockPlay, permission: 'color.read' },
      { to: '/colors/buffer', label: 'Buffer & uploads', icon: IconInbox, permission: 'color.read' },
      { to: '/colors/rules', label: 'Rules', icon: IconFilter, permission: 'color.read' },
      { to: '/colors/processings', label: 'Processings', icon: IconListDetails, permission: 'color.read' },
      { to: '/colors/search', label: 'Security search', icon: IconListSearch, permission: 'color.read' },
      { to: '/colors/sessions', label: 'Sessions', icon: IconTable, permission: 'color.read' },
      { to: '/colors/columns', label: 'Columns', icon: IconColumns3, permission: 'color.read' },
    ],
  },
  {
    title: 'Connect',
    entries: [
      { to: '/connections', label: 'Connections', icon: IconPlug, permission: 'connection.read' },
      { to: '/credentials', label: 'Credentials', icon: IconKey, permission: 'credential.read' },
      { to: '/targets', label: 'Targets', icon: IconServer2, permission: 'target.read' },
      { to: '/files', label: 'Files', icon: IconFiles, permission: 'file.read' },
    ],
  },
  {
    title: 'Admin',
    entries: [
      { to: '/admin/users', label: 'Users', icon: IconUsers, permission: 'user.read' },
      { to: '/admin/roles', label: 'Roles and access', icon: IconShieldLock, permission: 'role.read' },
      { to: '/admin/service-accounts', label: 'Service accounts', icon: IconRobot, permission: 'service_account.read' },
      { to: '/admin/workspaces', label: 'Workspaces', icon: IconBuilding, permission: 'workspace.read' },
      { to: '/admin/sso', label: 'Single sign-on', icon: IconLogin2, permission: 'sso.edit' },
      { to: '/admin/mail', label: 'Mail', icon: IconMail, permission: 'mail.edit' },
      { to: '/admin/notifications', label: 'Notifications', icon: IconBellCog, permission: 'channel.edit' },
      { to: '/admin/security', label: 'Security', icon: IconWall, permission: 'security.edit' },
      { to: '/admin/changes', label: 'Change log', icon: IconArrowBackUp, permission: 'change.read' },
      { to: '/admin/audit', label: 'Audit', icon: IconHistory, permission: 'audit.read' },
      { to: '/admin/backups', label: 'Backups', icon: IconDatabaseExport, permission: 'backup.edit' },
      { to: '/admin/vault', label: 'Vault', icon: IconLock, permission: 'security.edit' },
      { to: '/admin/system', label: 'Engine', icon: IconServer, permission: 'system.read' },
    ],
  },
];
