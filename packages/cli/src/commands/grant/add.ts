import { createGrant } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';
import { permissionList, readRole } from '../role/content.ts';
import { fromTime, untilTime } from './times.ts';
import { shareOn, whatOf } from './what.ts';

export function grantAdd() {
  return command('add', {
    summary: 'Give a member more than the role gives, or share one object',
    description: 'Never more than you hold yourself. It lapses by itself at its end.',
    examples: [
      ['tidewheel grant add ana@example.org --role operator --until 3d --reason "on call"', 'a role for three days'],
      ['tidewheel grant add ana@example.org --on flow:mifir-daily --allow flow.read,flow.run --reason "stands in"', 'one flow'],
    ],
  })
    .argument('<email>', 'who gets it')
    .requiredOption('--reason <text>', 'why; it is shown with the grant')
    .option('--role <role>', 'the rules of this role')
    .option('--on <type:name>', 'one object: flow, folder, connection, credential or file, with --allow')
    .option('--allow <permissions>', 'what may be done with that object, by commas', permissionList)
    .option('--file <file>', 'rules as JSON ({"rules": […]}); - for stdin')
    .option('--from <time>', 'a day or time (default: now)', fromTime)
    .option('--until <time>', 'a day, a time, or a span such as 3d or 12h (default: until revoked)', untilTime)
    .action(async (user, options) => {
      const context = contextOf(options);
      const { reason, role, from, until } = options;
      const share = options.on === undefined ? undefined : shareOn(options.on, options.allow);
      const rules = options.file === undefined ? undefined : (await readRole(options.file)).rules;
      const grant = await (await context.client()).call(createGrant, { body: { user, reason, role, share, rules, from, until: until ?? null } });
      context.print.result(grant, () => {
        context.print.line(grant.id);
        context.print.note(`${grant.user.email} has ${whatOf(grant)}${grant.until === null ? '' : ` until ${instant(grant.until)}`}.`);
      });
    });
}
