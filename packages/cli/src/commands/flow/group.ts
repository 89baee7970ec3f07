import { group } from '../../command.ts';
import { flowApply } from './apply.ts';
import { flowArchive } from './archive.ts';
import { flowBulk } from './bulk.ts';
import { flowDiff } from './diff.ts';
import { flowDiscard } from './discard.ts';
import { flowDraft } from './draft.ts';
import { flowExport } from './export.ts';
import { flowImport } from './import.ts';
import { flowList } from './list.ts';
import { flowOff, flowOn } from './off.ts';
import { flowPublish } from './publish.ts';
import { flowRestore } from './restore.ts';
import { flowSave } from './save.ts';
import { flowShow } from './show.ts';
import { flowTest } from './test.ts';
import { flowValidate } from './validate.ts';
import { flowVersions } from './versions.ts';

export function flow() {
  const commands = group('flow', { summary: 'List, check, apply, compare and archive flows' });
  const reading = [flowList(), flowShow(), flowVersions(), flowDiff(), flowExport()];
  const writing = [flowValidate(), flowApply(), flowImport(), flowArchive(), flowRestore(), flowOff(), flowOn(), flowBulk()];
  const drafts = [flowDraft(), flowSave(), flowTest(), flowPublish(), flowDiscard()];
  for (const child of [...reading, ...writing, ...drafts]) commands.addCommand(child);
  return commands;
}
