import { group } from '../../command.ts';
import { scheduleApply, scheduleExport } from './apply.ts';
import { scheduleBulk } from './bulk.ts';
import { scheduleList, scheduleShow } from './list.ts';
import { scheduleMove, scheduleReset, scheduleRun, scheduleSkip } from './moments.ts';
import { scheduleHistory, scheduleNext, schedulePreview, scheduleWhy } from './plan.ts';
import { scheduleActivate, scheduleArchive, schedulePause, scheduleRestore } from './states.ts';

export function schedule() {
  const commands = group('schedule', { summary: 'Start flows at moments that rules name; see what comes, what was, and why' });
  const seeing = [scheduleList(), scheduleShow(), scheduleNext(), scheduleWhy(), scheduleHistory()];
  const changing = [
    schedulePreview(),
    scheduleApply(),
    scheduleExport(),
    schedulePause(),
    scheduleActivate(),
    scheduleArchive(),
    scheduleRestore(),
    scheduleBulk(),
  ];
  for (const child of [...seeing, ...changing, scheduleRun(), scheduleSkip(), scheduleMove(), scheduleReset()]) commands.addCommand(child);
  return commands;
}
