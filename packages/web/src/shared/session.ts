// Who is signed in, and what that person may do.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { whoAmI } from '@tidewheel/client/routes';
import type { RuleSource } from '@tidewheel/contract/access';
import type { Permission } from '@tidewheel/contract/route';
import { api } from './api.ts';

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api.call(whoAmI, {}), staleTime: 60_000 });

/**
 * The same rules as on the server, for hiding what would be refused anyway; the server decides. Without an object: whether it is held at all.
 * With one (its attributes, as `{ flow, folder, kind }`): on that object; while the rules are being loaded, no.
 */
export function useCan(permission: Permission, object?: Readonly<Record<string, string | null>>): boolean {
  const me = useQuery(meQuery).data;
  const held = me?.permissions.includes(permission) ?? false;
  const needsRules = held && object !== undefined && !isUnconditional(me?.sources ?? [], permission);
  // What judges rules comes with a library: only who has conditions needs it, and not with the first page.
  const ability = useQuery({
    queryKey: ['me', 'ability', me?.sources],
    queryFn: async () => new (await import('@tidewheel/contract/ability')).Ability(me?.sources ?? []),
    enabled: needsRules,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  }).data;
  return needsRules ? (ability?.can(permission, object) ?? false) : held;
}

function isUnconditional(sources: readonly RuleSource[], permission: Permission): boolean {
  const everywhere = ({ rules }: RuleSource) => {
    const about = rules.filter((rule) => rule.permissions.includes(permission));
    return about.some((rule) => rule.effect === 'allow' && !rule.where) && !about.some((rule) => rule.effect === 'deny');
  };
  return sources.some((source) => source.kind !== 'scope' && everywhere(source)) && sources.every((source) => source.kind !== 'scope' || everywhere(source));
}
