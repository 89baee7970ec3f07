import { group } from '../../command.ts';
import { securityCheck } from './check.ts';
import { securitySet } from './set.ts';
import { securityShow } from './show.ts';

export function security() {
  const commands = group('security', { summary: 'Limits of requests and uploads, foreign web sites, and where connections may go' });
  for (const child of [securityShow(), securitySet(), securityCheck()]) commands.addCommand(child);
  return commands;
}
