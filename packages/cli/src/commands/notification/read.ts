import { countInbox, readInbox } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function notificationRead() {
  return command('read', {
    summary: 'Mark what I was told of as read',
    examples: [
      ['tidewheel notification read', 'all of it'],
      ['tidewheel notification read --count', 'only say how much there is'],
    ],
  })
    .argument('[id...]', 'only these; see `tidewheel notification inbox --json`')
    .option('--count', 'mark nothing')
    .action(async (ids, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const left = options.count ? await client.call(countInbox) : await client.call(readInbox, { body: ids.length === 0 ? {} : { ids } });
      context.print.result(left, () => context.print.line(`${left.unread} not read.`));
    });
}
