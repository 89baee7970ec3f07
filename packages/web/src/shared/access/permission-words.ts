// Permissions in plain words, in the groups and order in which people look for them.
import type { Permission } from '@tidewheel/contract/route';

export const permissionWords: Readonly<Record<Permission, string>> = {
  'flow.read': 'See flows',
  'flow.edit': 'Build and change flows',
  'flow.run': 'Run flows',
  'run.read': 'See runs, logs and rows',
  'run.cancel': 'Cancel runs',
  'schedule.read': 'See schedules and what became of them',
  'schedule.edit': 'Make and change schedules',
  'approval.decide': 'Approve and reject, where asked',
  'notification.read': 'See notification events',
  'notification.raise': 'Raise notification events',
  'channel.read': 'See notification channels, rules and templates',
  'channel.edit': 'Set who is told of what, and see every message',
  'artifact.read': 'See and download artifacts',
  'trigger.read': 'See triggers and what came to them',
  'trigger.edit': 'Make and change triggers, and fire again',
  'connection.read': 'See connections',
  'connection.edit': 'Make and change connections',
  'credential.read': 'See which credentials there are',
  'credential.edit': 'Make, change and rotate credentials',
  'target.read': 'See hosts, and use them in flows',
  'target.edit': 'Add, change and test hosts',
  'file.read': 'See and download files',
  'file.edit': 'Upload and remove files',
  'calendar.read': 'See calendars and count business days',
  'calendar.edit': 'Make and change calendars',
  'user.read': 'See users',
  'user.edit': 'Invite, change and suspend users',
  'role.read': 'See roles and who may do what',
  'role.edit': 'Make and change roles',
  'grant.edit': 'Share objects and give grants',
  'service_account.read': 'See service accounts',
  'service_account.edit': 'Make service accounts and their keys',
  'audit.read': 'See the audit trail',
  'audit.edit': 'Set how long the audit trail is kept',
  'change.read': 'See the change log',
  'change.revert': 'Take changes back',
  'workspace.read': 'See workspaces',
  'workspace.edit': 'Make and change workspaces',
  'sign_in.edit': 'Change the rules of signing in',
  'sso.edit': 'Set up single sign-on',
  'mail.edit': 'Set up mail',
  'security.edit': 'Change security settings',
  'system.read': 'See the state of the system',
  'system.edit': 'Drain workers, stop and start taking work',
};

export const permissionGroups: { title: string; permissions: Permission[] }[] = [
  {
    title: 'Flows and runs',
    permissions: [
      'flow.read',
      'flow.edit',
      'flow.run',
      'run.read',
      'run.cancel',
      'approval.decide',
      'artifact.read',
      'trigger.read',
      'trigger.edit',
      'calendar.read',
      'calendar.edit',
    ],
  },
  {
    title: 'Connections, hosts and files',
    permissions: ['connection.read', 'connection.edit', 'credential.read', 'credential.edit', 'target.read', 'target.edit', 'file.read', 'file.edit'],
  },
  {
    title: 'People and access',
    permissions: ['user.read', 'user.edit', 'role.read', 'role.edit', 'grant.edit', 'service_account.read', 'service_account.edit'],
  },
  {
    title: 'What happened',
    permissions: ['notification.read', 'notification.raise', 'channel.read', 'channel.edit', 'audit.read', 'audit.edit', 'change.read', 'change.revert'],
  },
  {
    title: 'The installation (main workspace only)',
    permissions: ['workspace.read', 'workspace.edit', 'sign_in.edit', 'sso.edit', 'mail.edit', 'security.edit', 'system.read', 'system.edit'],
  },
];

export const permissionChoices = permissionGroups.map(({ title, permissions }) => ({
  group: title,
  items: permissions.map((permission) => ({ value: permission, label: permissionWords[permission] })),
}));
