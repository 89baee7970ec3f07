import { removeSsoProvider } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function ssoRemove() {
  return command('remove', {
    summary: 'Remove a provider: its links and sessions end, roles that it gave stay',
    examples: [['tidewheel sso remove acme', 'accounts without a password cannot sign in any more']],
  })
    .argument('<provider>', 'its name')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const removed = await (await context.client()).call(removeSsoProvider, { params: { slug } });
      context.print.result(removed, () => context.print.line(`Removed ${slug}; ${removed.ended} sessions ended.`));
    });
}
