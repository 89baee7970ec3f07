// Notification events: raised by the engine and by others, listed, and (later) sent to people.
import { z } from 'zod';
import { Instant } from '../identifiers.ts';
import { engineKinds, NotificationEvent, NotificationKind, NotificationObject, notificationLimits, Severity } from '../notification.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

const isEngineKind = (kind: string) => (engineKinds as readonly string[]).includes(kind);

export const RaisedNotification = z
  .strictObject({
    kind: NotificationKind.refine((kind) => !isEngineKind(kind), 'is raised by the engine alone; take a name of your own').default('custom'),
    severity: Severity.default('info'),
    title: z.string().trim().min(1).max(notificationLimits.title),
    text: z.string().max(notificationLimits.text).optional(),
    object: NotificationObject.optional(),
    data: z
      .record(z.string().max(100), z.unknown())
      .refine((data) => JSON.stringify(data).length <= notificationLimits.dataBytes, `must be at most ${notificationLimits.dataBytes} characters of JSON`)
      .default({}),
    idempotencyKey: z.string().min(1).max(200).optional().describe('A second one with the same key answers with the first'),
  })
  .meta({ id: 'RaisedNotification' });

export const raiseNotification = defineRoute({
  name: 'notification.raise',
  method: 'POST',
  path: '/api/notification-events',
  tag: 'Notifications',
  access: 'notification.raise',
  status: 201,
  summary: 'Raise a notification event',
  body: RaisedNotification,
  response: NotificationEvent,
});
export const listNotifications = defineRoute({
  name: 'notification.list',
  method: 'GET',
  path: '/api/notification-events',
  tag: 'Notifications',
  access: 'notification.read',
  summary: 'List notification events, newest first',
  description: `They are kept for ${notificationLimits.keepDays} days.`,
  query: PageQuery.extend({ kind: NotificationKind.optional(), severity: Severity.optional(), since: Instant.optional() }),
  response: pageOf(NotificationEvent),
});
