import { group } from '../../command.ts';
import { connectionArchive } from './archive.ts';
import { connectionCreate } from './create.ts';
import { connectionList } from './list.ts';
import { connectionShow } from './show.ts';
import { connectionTest } from './test.ts';
import { connectionTry } from './try.ts';
import { connectionTypes } from './types.ts';
import { connectionUpdate } from './update.ts';

export function connection() {
  const commands = group('connection', { summary: 'Manage connections and test them' });
  for (const child of [
    connectionList(),
    connectionShow(),
    connectionTypes(),
    connectionTry(),
    connectionCreate(),
    connectionUpdate(),
    connectionTest(),
    connectionArchive(),
  ])
    commands.addCommand(child);
  return commands;
}
