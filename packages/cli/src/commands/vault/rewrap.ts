import { setTimeout as sleep } from 'node:timers/promises';
import { rewrapVault, showVault } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { printVault } from './vault-state.ts';

const pauseMs = 500;

export function vaultRewrap() {
  return command('rewrap', {
    summary: 'Wrap every data key anew while the product runs, and retire former master keys',
    description: 'Waits for the end and tells the progress; it goes on at the server when this command is interrupted.',
    examples: [['tidewheel vault rewrap', 'after the master key was changed, or once a year']],
  })
    .option('--no-wait', 'only start it')
    .action(async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      let state = await client.call(rewrapVault);
      let told = -1;
      while (options.wait !== false && state.rewrap?.state === 'running') {
        if (state.rewrap.done !== told) context.print.note(`${state.rewrap.done} of ${state.rewrap.total} data keys`);
        told = state.rewrap.done;
        await sleep(pauseMs);
        state = await client.call(showVault);
      }
      context.print.result(state, () => printVault(context.print, state));
      if (state.rewrap?.state === 'failed') throw new CommandFailed(exitCodes.failed);
    });
}
