import { listSsoLinks, removeSsoLink } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { gatherPages } from '../../listing.ts';

const most = 1_000_000;

export function ssoUnlink() {
  return command('unlink', {
    summary: 'End the link of an account; the sessions made by it end',
    examples: [['tidewheel sso unlink acme ada@example.org', 'its next sign-in there links anew, if it may']],
  })
    .argument('<provider>', 'its name')
    .argument('<email>', 'of the account')
    .action(async (slug, email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { items } = await gatherPages(most, (query) => client.call(listSsoLinks, { params: { slug }, query }));
      const user = items.find((link) => link.user.email === email.toLowerCase())?.user.id;
      if (user === undefined) throw new NotFound('sso.not_linked', `${email} is not linked to ${slug}.`, { hint: `See \`tidewheel sso links ${slug}\`.` });
      const result = await client.call(removeSsoLink, { params: { slug, user } });
      context.print.result(result, () => context.print.line(`${email} is not linked to ${slug} any more.`));
    });
}
