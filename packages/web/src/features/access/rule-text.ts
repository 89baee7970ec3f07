// Rules as sentences, and what changed between two sets of them.
import type { Mask, Rule, Where } from '@tidewheel/contract/access';
import { permissionWords } from '../../shared/access/permission-words.ts';

export interface RoleText {
  title: string;
  description: string;
  rules: readonly Rule[];
  masks: readonly Mask[];
}

export function whereText(where: Where | undefined): string {
  const parts = Object.entries(where ?? {}).map(([attribute, values]) => `${attribute} is ${(values ?? []).join(' or ')}`);
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
}

/** One line for each permission and field, so that a change shows as the lines that came and went. */
function linesOf({ title, description, rules, masks }: RoleText): string[] {
  return [
    `Title: ${title}`,
    `What for: ${description}`,
    ...rules.flatMap(({ effect, permissions, where }) =>
      permissions.map((permission) => `${effect === 'allow' ? 'Allow' : 'Deny'}: ${permissionWords[permission]}${whereText(where)}`),
    ),
    ...masks.map((mask) => `${mask.as === 'masked' ? 'Mask' : 'Hide'}: ${mask.field} of ${mask.type}${whereText(mask.where)}`),
  ];
}

export function differences(before: RoleText, after: RoleText): { gone: string[]; come: string[] } {
  const [old, now] = [new Set(linesOf(before)), new Set(linesOf(after))];
  return { gone: [...old].filter((line) => !now.has(line)), come: [...now].filter((line) => !old.has(line)) };
}
