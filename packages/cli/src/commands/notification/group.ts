import { group } from '../../command.ts';
import { notificationList } from './list.ts';
import { notificationRaise } from './raise.ts';

export function notification() {
  const commands = group('notification', { summary: 'Raise notification events, and see which there were' });
  for (const child of [notificationList(), notificationRaise()]) commands.addCommand(child);
  return commands;
}
