// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const countInbox: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').countInbox> = { name: 'inbox.count', method: 'GET', path: '/api/me/notifications/unread' };
export const listInbox: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').listInbox> = { name: 'inbox.list', method: 'GET', path: '/api/me/notifications' };
export const listMessages: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').listMessages> = { name: 'notification_message.list', method: 'GET', path: '/api/notification-messages' };
export const readInbox: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').readInbox> = { name: 'inbox.read', method: 'POST', path: '/api/me/notifications/read' };
export const resendMessages: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').resendMessages> = { name: 'notification_message.resend', method: 'POST', path: '/api/notification-messages/resend' };
export const savePreferences: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').savePreferences> = { name: 'notification_preferences.save', method: 'PUT', path: '/api/me/notification-preferences' };
export const showNotifier: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').showNotifier> = { name: 'notifier.show', method: 'GET', path: '/api/notification-worker' };
export const showPreferences: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').showPreferences> = { name: 'notification_preferences.show', method: 'GET', path: '/api/me/notification-preferences' };
export const startNotifier: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').startNotifier> = { name: 'notifier.start', method: 'POST', path: '/api/notification-worker/start' };
export const stopNotifier: RouteRef<typeof import('@tidewheel/contract/routes/notification-messages').stopNotifier> = { name: 'notifier.stop', method: 'POST', path: '/api/notification-worker/stop' };
