import { group } from '../../command.ts';
import { triggerBulk } from './bulk.ts';
import { triggerCreate } from './create.ts';
import { triggerEvents } from './events.ts';
import { triggerKinds } from './kinds.ts';
import { triggerList } from './list.ts';
import { triggerReplay } from './replay.ts';
import { triggerSecret } from './secret.ts';
import { triggerShow } from './show.ts';
import { triggerArchive, triggerPause, triggerRestore, triggerResume } from './states.ts';
import { triggerTest } from './test.ts';
import { triggerUpdate } from './update.ts';

export function trigger() {
  const commands = group('trigger', { summary: 'Start flows when something happens: a call, a file, a row, a mail, the end of a run' });
  for (const child of [
    triggerList(),
    triggerShow(),
    triggerKinds(),
    triggerCreate(),
    triggerUpdate(),
    triggerSecret(),
    triggerTest(),
    triggerEvents(),
    triggerReplay(),
    triggerPause(),
    triggerResume(),
    triggerArchive(),
    triggerRestore(),
    triggerBulk(),
  ])
    commands.addCommand(child);
  return commands;
}
