import { group } from '../../command.ts';
import { performanceCancel } from './cancel.ts';
import { performanceList } from './list.ts';
import { performanceShow } from './show.ts';
import { performanceStart } from './start.ts';

export function performance() {
  const commands = group('performance', { summary: 'Run a flow many times over and measure its steps' });
  for (const child of [performanceStart(), performanceList(), performanceShow(), performanceCancel()]) commands.addCommand(child);
  return commands;
}
