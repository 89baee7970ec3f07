import { whoAmI } from '@tidewheel/client/routes';
import { InvalidInput, NotAllowed, NotSignedIn } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { changeCredentials } from '../../credentials.ts';

export function workspaceUse() {
  return command('use', {
    summary: 'Work in another workspace from now on',
    description: 'It is kept with the sign-in of this server. An API token of yours is for one workspace: sign in to the other one instead.',
    examples: [
      ['tidewheel workspace use treasury', 'for the commands that follow'],
      ['tidewheel flow list --workspace treasury', 'for one command'],
    ],
  })
    .argument('<slug>', 'its name in `tidewheel workspace list`')
    .action(async (slug, options) => {
      if (process.env.TIDEWHEEL_TOKEN)
        throw new InvalidInput('workspace.token', 'TIDEWHEEL_TOKEN is set, so there is no sign-in to keep the choice with.', {
          hint: 'Use --workspace, or set TIDEWHEEL_WORKSPACE.',
        });
      const context = contextOf({ ...options, workspace: slug });
      const origin = await context.origin();
      const me = await (await context.client()).call(whoAmI).catch((error: unknown) => {
        throw error instanceof NotAllowed && error.code === 'workspace.not_member' ? notHere(slug, error) : error;
      });
      if (origin === null) throw new NotSignedIn('cli.not_signed_in', 'You are not signed in to a server.', { hint: 'Run `tidewheel login`.' });
      await changeCredentials(async ({ current, servers }) => {
        const kept = servers[origin];
        return kept === undefined ? null : { current, servers: { ...servers, [origin]: { ...kept, workspace: me.workspace.slug } } };
      });
      context.print.result({ workspace: me.workspace.slug, role: me.role }, () => context.print.line(`You work in ${me.workspace.title} (${me.role}).`));
    });
}

function notHere(slug: string, cause: NotAllowed): NotAllowed {
  return new NotAllowed(cause.code, `You are not a member of "${slug}", or your token is for another workspace.`, {
    hint: `\`tidewheel workspace list\` shows yours; \`tidewheel login --url … --workspace ${slug}\` makes a token for it.`,
    cause,
  });
}
