// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveRule: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').archiveRule> = { name: 'notification_rule.archive', method: 'DELETE', path: '/api/notification-rules/{slug}' };
export const archiveTeam: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').archiveTeam> = { name: 'notification_team.archive', method: 'DELETE', path: '/api/notification-teams/{slug}' };
export const archiveTemplate: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').archiveTemplate> = { name: 'notification_template.archive', method: 'DELETE', path: '/api/notification-templates/{slug}' };
export const listRules: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').listRules> = { name: 'notification_rule.list', method: 'GET', path: '/api/notification-rules' };
export const listTeams: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').listTeams> = { name: 'notification_team.list', method: 'GET', path: '/api/notification-teams' };
export const listTemplates: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').listTemplates> = { name: 'notification_template.list', method: 'GET', path: '/api/notification-templates' };
export const previewTemplate: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').previewTemplate> = { name: 'notification_template.preview', method: 'POST', path: '/api/notification-template-previews' };
export const saveRule: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').saveRule> = { name: 'notification_rule.save', method: 'PUT', path: '/api/notification-rules/{slug}' };
export const saveTeam: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').saveTeam> = { name: 'notification_team.save', method: 'PUT', path: '/api/notification-teams/{slug}' };
export const saveTemplate: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').saveTemplate> = { name: 'notification_template.save', method: 'PUT', path: '/api/notification-templates/{slug}' };
export const showRule: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').showRule> = { name: 'notification_rule.show', method: 'GET', path: '/api/notification-rules/{slug}' };
export const showTemplate: RouteRef<typeof import('@tidewheel/contract/routes/notification-rules').showTemplate> = { name: 'notification_template.show', method: 'GET', path: '/api/notification-templates/{slug}' };
