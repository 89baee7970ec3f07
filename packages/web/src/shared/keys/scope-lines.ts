// What people choose in the scope picker, as rules.

import type { Rule } from '@tidewheel/contract/access';
import { attributesOf, type Where } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';

export interface ScopeChoice {
  permissions: Permission[];
  /** Flow slugs or prefixes with *, as typed: `load-*, daily`. Empty: every flow. */
  flows: string;
}

/** Null: all that the holder may do. The flows limit what can speak of flows; the other permissions hold everywhere. */
export function scopeOf({ permissions, flows }: ScopeChoice): Rule[] | null {
  if (permissions.length === 0) return null;
  const named = flows
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
  if (named.length === 0) return [{ effect: 'allow', permissions }];
  const [about, others] = [permissions.filter(speaksOfFlows), permissions.filter((one) => !speaksOfFlows(one))];
  const where: Where = { flow: named };
  return [
    ...(about.length > 0 ? [{ effect: 'allow' as const, permissions: about, where }] : []),
    ...(others.length > 0 ? [{ effect: 'allow' as const, permissions: others }] : []),
  ];
}

export function speaksOfFlows(permission: Permission): boolean {
  return attributesOf(permission).includes('flow');
}

export function scopeText(scope: readonly Rule[] | null): string {
  if (scope === null) return 'All that the account may do';
  return scope
    .map(({ permissions, where }) => {
      const on = Object.entries(where ?? {}).map(([attribute, values]) => `${attribute} ${values?.join(', ')}`);
      return permissions.join(', ') + (on.length > 0 ? ` on ${on.join(' and ')}` : '');
    })
    .join('; ');
}
