// What a sign-in would come to, from what is known: the sign-in does it, the dry run shows it.
import type { MappedMembership, SsoMapping } from '@tidewheel/contract/routes/sso';
import type { SsoFailure } from '@tidewheel/contract/sso-failures';
import type { ExternalIdentity } from './external-identity.ts';
import { type AccountDecision, decideAccount, type Namesake } from './linking.ts';
import type { Places } from './mapping.store.ts';
import { decideRoles, type HeldMembership, planMemberships, refusalOf } from './mapping.ts';
import type { Provider } from './providers.store.ts';

export interface Known {
  linkedUserId: string | undefined;
  namesake: Namesake | undefined;
  /** Of the account that it comes to. */
  held: readonly HeldMembership[];
  places: Pick<Places, 'has'>;
}

export interface Judgement {
  account: AccountDecision;
  memberships: MappedMembership[];
  refusal: SsoFailure | null;
  /** Gets in by the roles of now, and would not any more. */
  losesAccess: boolean;
}

export function judge(provider: Provider, mapping: SsoMapping, identity: ExternalIdentity, { linkedUserId, namesake, held, places }: Known): Judgement {
  const account = decideAccount({ provider, identity, linkedUserId, namesake });
  if (account.kind === 'none') return { account, memberships: [], refusal: account.refusal, losesAccess: false };
  const isThere = (place: { workspace: string; role: string }) => places.has(place);
  const roles = decideRoles({ mapping, groupsClaim: provider.groupsClaim, claims: identity.claims, isThere });
  const kept = account.kind === 'would_be_made' ? [] : held;
  const memberships = planMemberships({ roles, held: kept, providerId: provider.id });
  const refusal = refusalOf(memberships, kept);
  const getsIn = account.kind === 'linked' && kept.some(({ isSuspended }) => !isSuspended);
  return { account, memberships, refusal, losesAccess: getsIn && refusal !== null };
}
