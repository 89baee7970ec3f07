// Who somebody is at a provider, whatever it speaks: linking and mapping take this, OpenID Connect is the first to make it.

export interface ExternalIdentity {
  providerId: string;
  /** Stable and never given to somebody else at this provider: with the provider it is the person. */
  subject: string;
  /** In lower case; null when the provider tells none that is one. */
  email: string | null;
  /** The provider says that the person reads this address. */
  emailVerified: boolean;
  name: string | null;
  groups: string[];
  /** Everything that the provider said about the person, for the rules. */
  claims: Claims;
  /** The provider proved a second factor, by the provider's settings. */
  hasSecondFactor: boolean;
}

export type Claims = Record<string, unknown>;

/** A claim by its name, or by a path into objects. A name with dots in it goes before the path: `https://example.org/roles`. */
export function claimAt(claims: unknown, path: string): unknown {
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  if (Object.hasOwn(claims, path)) return (claims as Claims)[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    const inner = Object.hasOwn(claims, head) ? claimAt((claims as Claims)[head], path.slice(dot + 1)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** The texts, numbers and booleans of a claim as texts; of a list, those in it. */
export function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => ['string', 'number', 'boolean'].includes(typeof one)).map(String);
}

interface Said {
  providerId: string;
  groupsClaim: string;
  emailTrust: 'claim' | 'always' | 'never';
  secondFactor: 'ours' | 'claims' | 'always';
  factorValues: string[];
}

// Of the protocol, not of the person.
const ofProtocol = new Set(['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'nonce', 'at_hash', 'c_hash', 's_hash', 'jti', 'sid', 'auth_time']);

/** From the claims of an ID token and of the provider's user info, which are about the same subject. The signed ones count more. */
export function identityOfClaims(provider: Said, signed: Claims & { sub: string }, fetched: Claims = {}): ExternalIdentity {
  const claims = Object.fromEntries(Object.entries({ ...fetched, ...signed }).filter(([name]) => !ofProtocol.has(name)));
  // The address and the word on it must come from one place, else the word could be about another address.
  const told = signed['email'] === undefined ? fetched : signed;
  const email = emailOf(told['email']);
  const isVerified = told['email_verified'] === true || told['email_verified'] === 'true';
  if (email !== null) Object.assign(claims, { email, email_verified: isVerified });
  return {
    providerId: provider.providerId,
    subject: signed.sub,
    email,
    emailVerified: email !== null && (provider.emailTrust === 'always' || (provider.emailTrust === 'claim' && isVerified)),
    name: nameOf(claims),
    groups: textsOf(claimAt(claims, provider.groupsClaim)),
    claims,
    hasSecondFactor: provesFactor(provider, signed),
  };
}

/** Plain ASCII alone: look-alikes of a domain are other domains, and unequal texts must be unequal people. */
function emailOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 254) return null;
  const email = value.trim().toLowerCase();
  return /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(email) ? email : null;
}

function nameOf(claims: Claims): string | null {
  const parts = [claims['given_name'], claims['family_name']].filter((part) => typeof part === 'string');
  const name = [claims['name'], parts.join(' '), claims['preferred_username']].find((one) => typeof one === 'string' && one.trim() !== '');
  return name === undefined ? null : String(name).trim().slice(0, 200);
}

// Only what is signed counts: user info says nothing about how somebody signed in.
function provesFactor({ secondFactor, factorValues }: Said, signed: Claims): boolean {
  if (secondFactor !== 'claims') return secondFactor === 'always';
  return [...textsOf(signed['amr']), ...textsOf(signed['acr'])].some((one) => factorValues.includes(one));
}
