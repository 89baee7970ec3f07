import { group } from '../../command.ts';
import { engineDrain, engineUndrain } from './drain.ts';
import { enginePause, engineResume } from './pause.ts';
import { engineStatus } from './status.ts';

export function engine() {
  const commands = group('engine', { summary: 'See who works and what waits; drain a worker, stop and start taking work' });
  for (const child of [engineStatus(), enginePause(), engineResume(), engineDrain(), engineUndrain()]) commands.addCommand(child);
  return commands;
}
