import { group } from '../../command.ts';
import { runBulk } from './bulk.ts';
import { runCallback } from './callback.ts';
import { runCancel } from './cancel.ts';
import { runCompare } from './compare.ts';
import { runEvents } from './events.ts';
import { runItems } from './items.ts';
import { runList } from './list.ts';
import { runLogs } from './logs.ts';
import { runPause } from './pause.ts';
import { runRerun } from './rerun.ts';
import { runResume } from './resume.ts';
import { runShow } from './show.ts';
import { runSignal } from './signal.ts';
import { runStart } from './start.ts';
import { runStartMany } from './start-many.ts';
import { runWatch } from './watch.ts';
import { runWhy } from './why.ts';

export function run() {
  const commands = group('run', { summary: 'Start, watch, pause, cancel, repeat and inspect runs' });
  for (const child of [
    runStart(),
    runList(),
    runShow(),
    runItems(),
    runCompare(),
    runWatch(),
    runLogs(),
    runEvents(),
    runWhy(),
    runCancel(),
    runPause(),
    runResume(),
    runRerun(),
    runBulk(),
    runStartMany(),
  ])
    commands.addCommand(child);
  for (const child of [runSignal(), runCallback()]) commands.addCommand(child);
  return commands;
}
