import { group } from '../../command.ts';
import { notificationInbox } from './inbox.ts';
import { notificationList } from './list.ts';
import { notificationMessages } from './messages.ts';
import { notificationPreferences } from './preferences.ts';
import { notificationRaise } from './raise.ts';
import { notificationRead } from './read.ts';
import { notificationResend } from './resend.ts';
import { notificationStart, notificationStatus, notificationStop } from './worker.ts';

export function notification() {
  const commands = group('notification', { summary: 'Read what you were told of, say how, and see what became of each message' });
  for (const child of [notificationInbox(), notificationRead(), notificationPreferences(), notificationList(), notificationRaise()]) commands.addCommand(child);
  for (const child of [notificationMessages(), notificationResend(), notificationStatus(), notificationStop(), notificationStart()]) commands.addCommand(child);
  return commands;
}
