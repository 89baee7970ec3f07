import { group } from '../../command.ts';
import { targetArchive } from './archive.ts';
import { targetBulk } from './bulk.ts';
import { targetChange } from './change.ts';
import { targetCreate } from './create.ts';
import { targetExport } from './export.ts';
import { targetGather } from './gather.ts';
import { targetImport } from './import.ts';
import { targetList } from './list.ts';
import { targetMaintenance } from './maintenance.ts';
import { targetRelations } from './relations.ts';
import { targetRestore } from './restore.ts';
import { targetRuns } from './runs.ts';
import { targetShow } from './show.ts';
import { targetSummary } from './summary.ts';
import { targetTest } from './test.ts';
import { targetTransports } from './transports.ts';
import { targetTry } from './try.ts';

export function target() {
  const commands = group('target', { summary: 'Manage hosts: test, import and change them, take them out of work' });
  for (const child of [
    targetList(),
    targetSummary(),
    targetShow(),
    targetRelations(),
    targetRuns(),
    targetTransports(),
    targetTry(),
    targetCreate(),
    targetChange(),
    targetTest(),
    targetGather(),
    targetMaintenance(),
    targetBulk(),
    targetImport(),
    targetExport(),
    targetArchive(),
    targetRestore(),
  ])
    commands.addCommand(child);
  return commands;
}
