import { group } from '../../command.ts';
import { workspaceArchive, workspaceRestore } from './archive.ts';
import { workspaceCreate } from './create.ts';
import { workspaceList } from './list.ts';
import { workspaceAdd, workspaceMembers, workspaceRemove } from './members.ts';
import { workspaceRename } from './rename.ts';
import { workspaceUse } from './use.ts';

export function workspace() {
  return group('workspace', { summary: 'See and switch workspaces, create them and say who is in them' })
    .addCommand(workspaceList())
    .addCommand(workspaceUse())
    .addCommand(workspaceCreate())
    .addCommand(workspaceRename())
    .addCommand(workspaceArchive())
    .addCommand(workspaceRestore())
    .addCommand(workspaceMembers())
    .addCommand(workspaceAdd())
    .addCommand(workspaceRemove());
}
