import { group } from '../../command.ts';
import { targetGroupArchive } from './archive.ts';
import { targetGroupChange } from './change.ts';
import { targetGroupCreate } from './create.ts';
import { targetGroupList } from './list.ts';
import { targetGroupPreview } from './preview.ts';
import { targetGroupShow } from './show.ts';

export function targetGroup() {
  const commands = group('target-group', { summary: 'Group hosts by a list or by a query' });
  for (const child of [targetGroupList(), targetGroupShow(), targetGroupPreview(), targetGroupCreate(), targetGroupChange(), targetGroupArchive()])
    commands.addCommand(child);
  return commands;
}
