import { group } from '../../command.ts';
import { vaultRewrap } from './rewrap.ts';
import { vaultShow } from './show.ts';

export function vault() {
  const commands = group('vault', { summary: 'See the keys of the vault, and re-wrap all of them' });
  for (const child of [vaultShow(), vaultRewrap()]) commands.addCommand(child);
  return commands;
}
