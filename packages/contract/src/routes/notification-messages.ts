// What became of each message, the worker that sends them, and what each person reads and wants.
import { z } from 'zod';
import { Id, Slug } from '../identifiers.ts';
import { Severity } from '../notification.ts';
import { InboxItem, MessageState, NotificationMessage, NotificationPreferences, NotifierStatus } from '../notify.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

const tag = 'Notifications';
/** Of a query: texts alone come over HTTP. */
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const listInbox = defineRoute({
  name: 'inbox.list',
  method: 'GET',
  path: '/api/me/notifications',
  tag,
  access: 'signedIn',
  summary: 'List what I was told of in this workspace, newest first',
  query: PageQuery.extend({ unread: Flag.optional(), severity: Severity.optional(), flow: Slug.optional() }),
  response: pageOf(InboxItem),
});
export const countInbox = defineRoute({
  name: 'inbox.count',
  method: 'GET',
  path: '/api/me/notifications/unread',
  tag,
  access: 'signedIn',
  summary: 'Count what I have not read',
  response: z.object({ unread: z.number().int() }),
});
export const readInbox = defineRoute({
  name: 'inbox.read',
  method: 'POST',
  path: '/api/me/notifications/read',
  tag,
  access: 'signedIn',
  summary: 'Mark as read',
  body: z.strictObject({ ids: z.array(Id).max(200).optional().describe('Left out: all of them') }),
  response: z.object({ unread: z.number().int() }),
});
export const showPreferences = defineRoute({
  name: 'notification_preferences.show',
  method: 'GET',
  path: '/api/me/notification-preferences',
  tag,
  access: 'signedIn',
  summary: 'How I want to be told in this workspace',
  response: NotificationPreferences,
});
export const savePreferences = defineRoute({
  name: 'notification_preferences.save',
  method: 'PUT',
  path: '/api/me/notification-preferences',
  tag,
  access: 'signedIn',
  summary: 'Set how I want to be told in this workspace',
  body: NotificationPreferences,
  response: NotificationPreferences,
});
export const listMessages = defineRoute({
  name: 'notification_message.list',
  method: 'GET',
  path: '/api/notification-messages',
  tag,
  access: 'channel.edit',
  summary: 'List messages and what became of them, newest first',
  query: PageQuery.extend({
    state: MessageState.optional(),
    channel: Slug.optional(),
    to: z.string().max(254).optional().describe('An e-mail address'),
    flow: Slug.optional(),
    event: Id.optional(),
  }),
  response: pageOf(NotificationMessage),
});
export const resendMessages = defineRoute({
  name: 'notification_message.resend',
  method: 'POST',
  path: '/api/notification-messages/resend',
  tag,
  access: 'channel.edit',
  summary: 'Send messages again that were given up',
  body: z.strictObject({ ids: z.array(Id).min(1).max(200).optional().describe('Left out: all that were given up') }),
  response: z.object({ resent: z.number().int() }),
});
export const showNotifier = defineRoute({
  name: 'notifier.show',
  method: 'GET',
  path: '/api/notification-worker',
  tag,
  access: 'system.read',
  summary: 'How the worker stands that sends notifications',
  response: NotifierStatus,
});
export const stopNotifier = defineRoute({
  name: 'notifier.stop',
  method: 'POST',
  path: '/api/notification-worker/stop',
  tag,
  access: 'system.edit',
  summary: 'Send nothing until it is started again; what happens meanwhile is kept',
  response: NotifierStatus,
});
export const startNotifier = defineRoute({
  name: 'notifier.start',
  method: 'POST',
  path: '/api/notification-worker/start',
  tag,
  access: 'system.edit',
  summary: 'Send again',
  response: NotifierStatus,
});
