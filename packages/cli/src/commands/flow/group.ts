import { group } from '../../command.ts';
import { flowApply } from './apply.ts';
import { flowArchive } from './archive.ts';
import { flowList } from './list.ts';
import { flowRestore } from './restore.ts';
import { flowShow } from './show.ts';
import { flowValidate } from './validate.ts';
import { flowVersions } from './versions.ts';

export function flow() {
  const commands = group('flow', { summary: 'List, check, apply and archive flows' });
  for (const child of [flowList(), flowShow(), flowValidate(), flowApply(), flowVersions(), flowArchive(), flowRestore()]) commands.addCommand(child);
  return commands;
}
