import * as routes from '@tidewheel/contract/routes/notifications';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { listNotifications, type NotificationDeps, raiseNotification } from './notification.service.ts';

export function notificationEndpoints(deps: NotificationDeps): Endpoint[] {
  return [
    endpoint(routes.raiseNotification, async ({ actor, body }) => raiseNotification(deps, actor, body)),
    endpoint(routes.listNotifications, async ({ actor, query }) => listNotifications(deps, actor, query)),
  ];
}
