import { saveTeam } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';

export function teamSet() {
  return command('set', {
    summary: 'Create a team of recipients, or say anew who is in it',
    examples: [['tidewheel notification-team set desk --person ada@example.org --role operator', 'Ada and every operator']],
  })
    .argument('<team>', 'its name: a-z, 0-9 and -')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--person <email>', 'a member; may be given several times', gather)
    .option('--role <role>', 'everybody with this role; may be given several times', gather)
    .option('--address <email>', 'somebody without an account; may be given several times', gather)
    .action(async (slug, { title = slug, person: people = [], role: roles = [], address: addresses = [], ...options }) => {
      const context = contextOf(options);
      const team = await (await context.client()).call(saveTeam, { params: { slug }, body: { title, people, roles, addresses } });
      context.print.result(team, () => context.print.line(`Team ${team.slug} is saved.`));
    });
}
