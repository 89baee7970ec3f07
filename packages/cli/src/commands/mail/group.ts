import { group } from '../../command.ts';
import { mailOutbox } from './outbox.ts';
import { mailRemove } from './remove.ts';
import { mailSet } from './set.ts';
import { mailShow } from './show.ts';
import { mailTest } from './test.ts';

export function mail() {
  const commands = group('mail', { summary: 'Set the mail server, test it and see what was sent' });
  for (const child of [mailShow(), mailSet(), mailTest(), mailOutbox(), mailRemove()]) commands.addCommand(child);
  return commands;
}
