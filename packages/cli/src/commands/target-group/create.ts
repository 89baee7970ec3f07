import { createTargetGroup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function targetGroupCreate() {
  return command('create', {
    summary: 'Make a group: a list of hosts, or a query',
    examples: [
      ['tidewheel target-group create databases', 'hosts are put into it: target change db1 --group databases'],
      [`tidewheel target-group create large --query 'target.facts.cpus >= 32'`, 'always those that the query finds'],
    ],
  })
    .argument('<name>', 'name by which flows refer to it: a-z, 0-9 and -')
    .option('--title <text>', 'what people see; its name when omitted')
    .option('--description <text>', 'what it is for')
    .option('--query <condition>', 'CEL over target; without it the group has a list')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const { title = slug, description, query } = options;
      const group = await (await context.client()).call(createTargetGroup, { body: { slug, title, description, query } });
      context.print.result(group, () => context.print.line(`Group ${group.slug} is made; ${group.members} hosts are in it.`));
    });
}
