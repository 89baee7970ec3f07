// Which account a person of a provider is: pure, so that a dry run and a sign-in cannot differ.
import type { SsoFailure } from '@tidewheel/contract/sso-failures';
import type { ExternalIdentity } from './external-identity.ts';

/** An account here with the same address. */
export interface Namesake {
  userId: string;
  kind: 'person' | 'local' | 'service';
  emailVerified: boolean;
  /** Linked to somebody at this provider already, who is another one: the subject was not found. */
  isLinked: boolean;
}

export type AccountDecision =
  | { kind: 'linked' | 'would_link'; userId: string }
  | { kind: 'would_be_made'; email: string }
  | { kind: 'none'; refusal: SsoFailure };

interface LinkRules {
  emailDomains: readonly string[];
  linkByEmail: boolean;
  provision: boolean;
}

/**
 * By the subject, or else by an address that the provider vouches for and may vouch for. Nothing about accounts here is told before that holds.
 */
export function decideAccount(options: {
  provider: LinkRules;
  identity: Pick<ExternalIdentity, 'email' | 'emailVerified'>;
  linkedUserId: string | undefined;
  namesake: Namesake | undefined;
}): AccountDecision {
  const { provider, identity, linkedUserId, namesake } = options;
  if (linkedUserId !== undefined) return { kind: 'linked', userId: linkedUserId };
  const { email } = identity;
  if (email === null) return none('sso.no_email');
  if (!identity.emailVerified) return none('sso.email_unverified');
  if (!provider.emailDomains.includes(email.slice(email.lastIndexOf('@') + 1))) return none('sso.domain');
  if (!namesake) return provider.provision ? { kind: 'would_be_made', email } : none('sso.not_provisioned');
  if (namesake.isLinked) return none('sso.other_subject');
  if (!provider.linkByEmail || namesake.kind !== 'person') return none('sso.link_refused');
  // Somebody else may have made the account with this address and wait in it for its owner.
  if (!namesake.emailVerified) return none('sso.link_unconfirmed');
  return { kind: 'would_link', userId: namesake.userId };
}

function none(refusal: SsoFailure): AccountDecision {
  return { kind: 'none', refusal };
}
