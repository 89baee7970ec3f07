import { showTargetGroup, updateTargetGroup } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function targetGroupChange() {
  return command('change', {
    summary: 'Change a group; what is not given stays as it is',
    examples: [[`tidewheel target-group change large --query 'target.facts.cpus >= 64'`, 'another query']],
  })
    .argument('<group>', 'name of the group')
    .option('--title <text>', 'what people see')
    .option('--description <text>', 'what it is for')
    .option('--query <condition>', 'CEL over target')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showTargetGroup, { params: { slug } });
      const { title = now.title, description = now.description, query = now.query } = options;
      const group = await client.call(updateTargetGroup, { params: { slug }, body: { title, description, query } });
      context.print.result(group, () => context.print.line(`Group ${group.slug} is changed; ${group.members} hosts are in it.`));
    });
}
