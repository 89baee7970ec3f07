import { group } from '../../command.ts';
import { ruleArchive } from './archive.ts';
import { ruleList } from './list.ts';
import { ruleSet } from './set.ts';
import { ruleShow } from './show.ts';

export function notificationRule() {
  const commands = group('notification-rule', { summary: 'Say which events are told to whom, and by which channels' });
  for (const child of [ruleList(), ruleShow(), ruleSet(), ruleArchive()]) commands.addCommand(child);
  return commands;
}
