// The table of docs/security.md that says which preset role allows what.
import { presetRoles } from '../packages/contract/src/access.ts';
import { permissions } from '../packages/contract/src/route.ts';

const start = '<!-- matrix: written by scripts/generate-docs.mjs from contract/access.ts -->';
const end = '<!-- /matrix -->';

export function permissionMatrix(): string {
  const roles = Object.values(presetRoles);
  const held = roles.map((role) => new Set(role.rules.flatMap((rule) => rule.permissions)));
  const rows = permissions.map((permission) => `| \`${permission}\` | ${held.map((set) => (set.has(permission) ? '●' : '')).join(' | ')} |`);
  return [`| permission | ${roles.map((role) => role.title).join(' | ')} |`, `| --- |${' :-: |'.repeat(roles.length)}`, ...rows].join('\n');
}

/** The page with its table made anew. */
export function withMatrix(page: string): string {
  const [before = '', rest = ''] = page.split(start);
  return `${before}${start}\n${permissionMatrix()}\n${end}${rest.slice(rest.indexOf(end) + end.length)}`;
}
