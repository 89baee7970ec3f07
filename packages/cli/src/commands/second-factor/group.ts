import { group } from '../../command.ts';
import { factorCodes } from './codes.ts';
import { factorEmail } from './email.ts';
import { factorRemove } from './remove.ts';
import { factorSetUp } from './set-up.ts';
import { factorShow } from './show.ts';

export function secondFactor() {
  const commands = group('second-factor', { summary: 'Set up or switch off what signing in asks for after your password' });
  for (const child of [factorShow(), factorSetUp(), factorEmail(), factorCodes(), factorRemove()]) commands.addCommand(child);
  return commands;
}
