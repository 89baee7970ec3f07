import { group } from '../../command.ts';
import { deadLetterDiscard } from './discard.ts';
import { deadLetterList } from './list.ts';
import { deadLetterReplay } from './replay.ts';
import { deadLetterShow } from './show.ts';

export function deadLetter() {
  const commands = group('dead-letter', { summary: 'See runs that failed for good; replay or discard them' });
  for (const child of [deadLetterList(), deadLetterShow(), deadLetterReplay(), deadLetterDiscard()]) commands.addCommand(child);
  return commands;
}
