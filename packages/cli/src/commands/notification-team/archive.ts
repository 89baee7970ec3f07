import { archiveTeam } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function teamArchive() {
  return command('archive', {
    summary: 'Remove a team of recipients that no rule names',
    examples: [['tidewheel notification-team archive desk', 'the change log can bring it back']],
  })
    .argument('<team>', 'name of the team')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const team = await (await context.client()).call(archiveTeam, { params: { slug } });
      context.print.result(team, () => context.print.line(`Team ${team.slug} is removed.`));
    });
}
