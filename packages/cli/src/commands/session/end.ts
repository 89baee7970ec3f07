import { revokeMySessions, revokeSession } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';

export function sessionEnd() {
  return command('end', {
    summary: 'End one of your sessions, or all of them',
    examples: [['tidewheel session end --all', 'every browser has to sign in again; your API tokens go on']],
  })
    .argument('[session]', 'its id, as `tidewheel session list` shows it')
    .option('--all', 'all of them')
    .action(async (id, options) => {
      const context = contextOf(options);
      if ((id === undefined) === (options.all === undefined)) throw new InvalidInput('input.which', 'Which session?', { hint: 'Give its id, or --all.' });
      const client = await context.client();
      const ended = id === undefined ? (await client.call(revokeMySessions)).ended : Number((await client.call(revokeSession, { params: { id } })).ended);
      context.print.result({ ended }, () => context.print.line(`${ended} ${ended === 1 ? 'session' : 'sessions'} ended.`));
    });
}
