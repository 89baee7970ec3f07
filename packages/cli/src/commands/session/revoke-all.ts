import { revokeEverything } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function sessionRevokeAll() {
  return command('revoke-all', {
    summary: 'End all of your sessions at once, this one too; or those of everybody',
    description: 'For when something leaked. --everybody needs the permission sign_in.edit in the main workspace.',
    examples: [
      ['tidewheel session revoke-all --api-tokens', 'nothing of yours works any more: sign in anew'],
      ['tidewheel session revoke-all --everybody', 'all people have to sign in again'],
    ],
  })
    .option('--everybody', 'of every user of the installation')
    .option('--api-tokens', 'revoke API tokens too')
    .action(async (options) => {
      const context = contextOf(options);
      const body = { everybody: options.everybody === true, apiTokens: options.apiTokens === true };
      const result = await (await context.client()).call(revokeEverything, { body });
      context.print.result(result, () => context.print.line(`${result.ended} sessions ended, ${result.revoked} API tokens revoked.`));
    });
}
