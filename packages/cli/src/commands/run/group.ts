import { group } from '../../command.ts';
import { runCancel } from './cancel.ts';
import { runEvents } from './events.ts';
import { runList } from './list.ts';
import { runLogs } from './logs.ts';
import { runRerun } from './rerun.ts';
import { runShow } from './show.ts';
import { runStart } from './start.ts';
import { runWatch } from './watch.ts';
import { runWhy } from './why.ts';

export function run() {
  const commands = group('run', { summary: 'Start, watch, cancel and inspect runs' });
  for (const child of [runStart(), runList(), runShow(), runWatch(), runLogs(), runEvents(), runWhy(), runCancel(), runRerun()]) commands.addCommand(child);
  return commands;
}
