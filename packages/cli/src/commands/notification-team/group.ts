import { group } from '../../command.ts';
import { teamArchive } from './archive.ts';
import { teamList } from './list.ts';
import { teamSet } from './set.ts';

export function notificationTeam() {
  const commands = group('notification-team', { summary: 'Name lists of people, roles and addresses that rules tell' });
  for (const child of [teamList(), teamSet(), teamArchive()]) commands.addCommand(child);
  return commands;
}
