import { listRoleHolders, showRole } from '@tidewheel/client/routes';
import type { Rule, Where } from '@tidewheel/contract/access';
import { command, contextOf } from '../../command.ts';

export function roleShow() {
  return command('show', {
    summary: 'Show a role, its rules and who has it',
    examples: [
      ['tidewheel role show operator', 'what operators may do'],
      ['tidewheel role show operator --json > operator.json', 'to begin a role of your own with'],
    ],
  })
    .argument('<role>', 'name of the role')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const role = await client.call(showRole, { params: { slug } });
      const holders = await client.call(listRoleHolders, { params: { slug } });
      context.print.result({ ...role, ...holders }, () => {
        context.print.facts([
          ['Role', `${role.title} (${role.slug})`],
          ['What for', role.description],
          ['Kind', role.changed ? 'changed preset' : role.preset ? 'preset' : 'own role'],
          ['Revision', String(role.revision)],
          ['Members', holders.members.map((member) => member.email).join(', ') || 'nobody'],
          ['Grants to', holders.grants.map((grant) => grant.email).join(', ')],
          ['Invitations of', holders.invitations.map((invitation) => invitation.email).join(', ')],
        ]);
        for (const rule of role.rules) context.print.line(ruleText(rule));
        for (const mask of role.masks) context.print.line(`keeps    ${mask.type} ${mask.field}: ${mask.as}${whereText(mask.where)}`);
      });
    });
}

export function ruleText({ effect, permissions, where }: Rule): string {
  return `${effect === 'allow' ? 'allows' : 'denies'}   ${permissions.join(', ')}${whereText(where)}`;
}

function whereText(where: Where | undefined): string {
  const parts = Object.entries(where ?? {}).map(([attribute, values]) => `${attribute} is ${(values ?? []).join(' or ')}`);
  return parts.length === 0 ? '' : `  where ${parts.join(' and ')}`;
}
