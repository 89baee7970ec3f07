import { showVault } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { printVault } from './vault-state.ts';

export function vaultShow() {
  return command('show', {
    summary: 'Show the keys of the vault by their ids, and the last re-wrap',
    examples: [['tidewheel vault show', 'which master keys still open it']],
  }).action(async (options) => {
    const context = contextOf(options);
    const state = await (await context.client()).call(showVault);
    context.print.result(state, () => printVault(context.print, state));
  });
}
