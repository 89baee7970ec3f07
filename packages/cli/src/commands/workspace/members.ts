import type { Client } from '@tidewheel/client/client';
import { addMember, listMembers, removeMember, whoAmI } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

async function present(client: Client): Promise<string> {
  return (await client.call(whoAmI)).workspace.slug;
}

export function workspaceMembers() {
  return command('members', { summary: 'List the people in your workspace', examples: [['tidewheel workspace members', 'with their roles']] }).action(
    async (options) => {
      const context = contextOf(options);
      const client = await context.client();
      const members = await client.call(listMembers, { params: { slug: await present(client) } });
      context.print.result(members, () =>
        context.print.table(
          [
            { title: 'E-mail', value: (member) => member.email, whole: true },
            { title: 'Name', value: (member) => member.name },
            { title: 'Role', value: (member) => member.role, whole: true },
            { title: 'Since', value: (member) => instant(member.since), whole: true, optional: true },
            { title: 'State', value: (member) => (member.suspended ? 'suspended' : ''), whole: true },
          ],
          members,
        ),
      );
    },
  );
}

export function workspaceAdd() {
  return command('add', {
    summary: 'Add somebody who has an account to your workspace',
    description: 'For somebody without an account use `tidewheel user invite`.',
    examples: [['tidewheel workspace add ana@example.org --role operator', 'the account is the same, the role is of this workspace']],
  })
    .argument('<email>', 'the address of the account')
    .option('--role <role>', 'what the person may do here', 'viewer')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const member = await client.call(addMember, { params: { slug: await present(client) }, body: { email, role: options.role } });
      context.print.result(member, () => context.print.line(`${member.email} is ${member.role} here now.`));
    });
}

export function workspaceRemove() {
  return command('remove', {
    summary: 'Remove somebody from your workspace',
    examples: [['tidewheel workspace remove ana@example.org', 'an account that is in no other workspace is deleted']],
  })
    .argument('<email>', 'the address of the account')
    .action(async (email, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const slug = await present(client);
      const member = (await client.call(listMembers, { params: { slug } })).find((one) => one.email === email.toLowerCase());
      if (!member) throw new NotFound('user.unknown', `${email} is not in your workspace.`, { hint: '`tidewheel workspace members` shows who is.' });
      const answer = await client.call(removeMember, { params: { slug, id: member.id } });
      context.print.result(answer, () => context.print.line(`${member.email} is removed.`));
    });
}
