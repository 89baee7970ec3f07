// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const listNotifications: RouteRef<typeof import('@tidewheel/contract/routes/notifications').listNotifications> = { name: 'notification.list', method: 'GET', path: '/api/notification-events' };
export const raiseNotification: RouteRef<typeof import('@tidewheel/contract/routes/notifications').raiseNotification> = { name: 'notification.raise', method: 'POST', path: '/api/notification-events' };
