// Signing in through an OpenID Connect provider: providers, the rules that map what they say to roles, the dry run, and the way itself.
import { z } from 'zod';
import { Role } from '../access.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Me } from './identity.ts';

const BySlug = z.object({ slug: Slug });

/** https, or http on this very machine (which the egress policy refuses unless its administrator allowed loopback). */
const Issuer = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => text.startsWith('https://') || /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(text), 'must be https')
  .refine((text) => !/[?#@]/.test(text), 'must have neither query nor fragment nor user');
const Domain = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, 'must be a domain in lower case, like example.org');
const ClaimPath = z.string().trim().min(1).max(200);

export const ssoOperators = ['equals', 'contains', 'startsWith'] as const;
export const SsoRule = z
  .object({
    claim: ClaimPath.optional().describe('`groups`, or a path into objects: `realm_access.roles`. Left out: the claim that holds the groups'),
    operator: z
      .enum(ssoOperators)
      .describe(
        'equals: one value and it is this. contains: a list of which one is this (or one value that is). startsWith: one of them begins so. Case counts',
      ),
    value: z.string().min(1).max(500),
    workspace: Slug,
    role: Role,
  })
  .meta({ id: 'SsoRule' });
export type SsoRule = z.infer<typeof SsoRule>;

/** In each workspace the first rule that fits decides. */
export const SsoMapping = z
  .object({
    rules: z.array(SsoRule).max(500),
    otherwise: z
      .object({ workspace: Slug, role: Role })
      .nullable()
      .describe('When no rule fits anywhere. null: no role; who has no membership set by hand either is refused'),
  })
  .meta({ id: 'SsoMapping' });
export type SsoMapping = z.infer<typeof SsoMapping>;

const fields = {
  title: z.string().trim().min(1).max(60).describe('On the button'),
  issuer: Issuer,
  clientId: z.string().min(1).max(500),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be a scope without blanks')).max(50),
  emailDomains: z.array(Domain).max(100).describe('Whose addresses may be linked or get an account; exactly these, without subdomains'),
  emailTrust: z
    .enum(['claim', 'always', 'never'])
    .describe('Which addresses count as confirmed: those the provider says so of (`email_verified`), all of them, none'),
  provision: z.boolean().describe('People without an account get one'),
  linkByEmail: z.boolean().describe('An account with the same confirmed address is taken over at the first sign-in'),
  groupsClaim: ClaimPath,
  secondFactor: z
    .enum(['ours', 'claims', 'always'])
    .describe('What stands for the second factor here: nothing, an `amr` or `acr` of factorValues, or every sign-in of the provider'),
  factorValues: z.array(z.string().min(1).max(200)).max(50).describe('With `claims`: like `mfa`, `otp`, `hwk`'),
  endSession: z.boolean().describe('Signing out here signs out at the provider too, where it can'),
  certificateAuthority: z.string().min(1).max(65_536).nullable().describe('PEM of the private authority that signed the certificate of the provider'),
  enabled: z.boolean(),
  position: z.number().int().min(0).max(1_000).describe('Order of the buttons'),
};
const ClientSecret = z.string().min(1).max(2_000);

export const SsoProvider = z
  .object({
    id: Id,
    slug: Slug,
    ...fields,
    hasSecret: z.boolean(),
    mapping: SsoMapping,
    redirectUri: z.string().describe('To be registered at the provider, exactly so'),
    users: z.number().int().describe('Accounts that are linked'),
    updatedAt: Instant,
    updatedBy: z.string(),
  })
  .meta({ id: 'SsoProvider' });
export type SsoProvider = z.infer<typeof SsoProvider>;

export const SsoProviderInput = z.object({
  slug: Slug,
  ...fields,
  scopes: fields.scopes.default(['openid', 'email', 'profile']),
  emailDomains: fields.emailDomains.default([]),
  emailTrust: fields.emailTrust.default('claim'),
  provision: fields.provision.default(false),
  linkByEmail: fields.linkByEmail.default(false),
  groupsClaim: fields.groupsClaim.default('groups'),
  secondFactor: fields.secondFactor.default('ours'),
  factorValues: fields.factorValues.default([]),
  endSession: fields.endSession.default(false),
  certificateAuthority: fields.certificateAuthority.default(null),
  enabled: fields.enabled.default(true),
  position: fields.position.default(0),
  clientSecret: ClientSecret.nullable().default(null).describe('null: a public client, PKCE alone'),
});
export type SsoProviderInput = z.infer<typeof SsoProviderInput>;
export const SsoProviderChange = z.object({ ...fields, clientSecret: ClientSecret.nullable() }).partial();
export type SsoProviderChange = z.infer<typeof SsoProviderChange>;

export const listSsoProviders = defineRoute({
  name: 'sso.list',
  method: 'GET',
  path: '/api/sso/providers',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'List the providers; at most fifty',
  response: z.array(SsoProvider),
});
export const createSsoProvider = defineRoute({
  name: 'sso.create',
  method: 'POST',
  path: '/api/sso/providers',
  tag: 'Single sign-on',
  access: 'sso.edit',
  status: 201,
  summary: 'Add a provider; the client secret is sealed and never shown again',
  body: SsoProviderInput,
  response: SsoProvider,
});
export const showSsoProvider = defineRoute({
  name: 'sso.show',
  method: 'GET',
  path: '/api/sso/providers/{slug}',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'Show a provider',
  params: BySlug,
  response: SsoProvider,
});
export const updateSsoProvider = defineRoute({
  name: 'sso.update',
  method: 'PATCH',
  path: '/api/sso/providers/{slug}',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'Change a provider; what is left out stays',
  description:
    'The secret must be given again when the issuer, its certificate or the client id change: it never goes where it was not entered for. With another issuer the links of its users end. Switching a provider off ends the sessions it made.',
  params: BySlug,
  body: SsoProviderChange,
  response: SsoProvider,
});
export const removeSsoProvider = defineRoute({
  name: 'sso.remove',
  method: 'DELETE',
  path: '/api/sso/providers/{slug}',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'Remove a provider: its sessions and links end, roles that it gave stay as if set by hand',
  params: BySlug,
  response: z.object({ removed: z.literal(true), ended: z.number().int() }),
});
export const Discovery = z
  .object({
    issuer: z.string(),
    authorizationEndpoint: z.string(),
    tokenEndpoint: z.string(),
    signingAlgorithms: z.array(z.string()).describe('Of those that are accepted here'),
    userInfo: z.boolean(),
    endSession: z.boolean(),
    namesItself: z.boolean().describe('Answers carry the issuer (RFC 9207)'),
  })
  .meta({ id: 'SsoDiscovery' });
export const discoverSso = defineRoute({
  name: 'sso.discover',
  method: 'POST',
  path: '/api/sso/discover',
  tag: 'Single sign-on',
  access: 'sso.edit',
  cost: 'expensive',
  summary: 'Ask an issuer what it can do, as a test before it is saved',
  body: z.object({ issuer: Issuer, certificateAuthority: fields.certificateAuthority.default(null) }),
  response: Discovery,
});
export const saveSsoMapping = defineRoute({
  name: 'sso.saveMapping',
  method: 'PUT',
  path: '/api/sso/providers/{slug}/mapping',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'Set the rules that give roles; they hold from the next sign-in of each person on',
  params: BySlug,
  body: SsoMapping,
  response: SsoProvider,
});

const Claims = z.record(z.string().max(500), z.unknown());
export const mappingChanges = ['none', 'added', 'changed', 'removed', 'by_hand', 'last_administrator'] as const;
/** What a sign-in would make of one workspace. */
export const MappedMembership = z
  .object({
    workspace: Slug,
    before: Role.nullable(),
    after: Role.nullable(),
    change: z
      .enum(mappingChanges)
      .describe('by_hand: set by an administrator, so rules do not touch it. last_administrator: kept, since nobody else administers the workspace'),
    rule: z.number().int().nullable().describe('The number of the rule that decided, from 1; 0: what holds when none fits'),
  })
  .meta({ id: 'MappedMembership' });
export type MappedMembership = z.infer<typeof MappedMembership>;
export const DryRunPerson = z
  .object({
    subject: z.string().nullable(),
    email: z.string().nullable(),
    groups: z.array(z.string()),
    user: z.object({ id: Id, email: z.string(), name: z.string() }).nullable(),
    account: z.enum(['linked', 'would_link', 'would_be_made', 'none']),
    refusal: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable().describe('null: would sign in'),
    memberships: z.array(MappedMembership),
    losesAccess: z.boolean().describe('Gets in today and would not any more'),
  })
  .meta({ id: 'DryRunPerson' });
export type DryRunPerson = z.infer<typeof DryRunPerson>;
export const DryRunSource = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('claims'), claims: z.array(Claims).min(1).max(100) }),
    z.object({ kind: z.literal('user'), email: z.email().max(254) }),
    z.object({ kind: z.literal('all'), ...PageQuery.shape }),
  ])
  .meta({ id: 'DryRunSource', description: 'Given claims, those of the last sign-in of a user, or those of all users that are linked' });
export type DryRunSource = z.infer<typeof DryRunSource>;
export const dryRunSso = defineRoute({
  name: 'sso.dryRun',
  method: 'POST',
  path: '/api/sso/providers/{slug}/dry-run',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'See who would get which role by these rules; changes nothing',
  params: BySlug,
  body: z.object({ mapping: SsoMapping.optional().describe('Left out: the rules as they are saved'), source: DryRunSource }),
  response: pageOf(DryRunPerson),
});

export const SsoLink = z
  .object({
    subject: z.string(),
    user: z.object({ id: Id, email: z.string(), name: z.string() }),
    email: z.string().nullable().describe('As the provider says'),
    claims: Claims.describe('Of the last sign-in'),
    linkedAt: Instant,
    lastSignInAt: Instant.nullable(),
  })
  .meta({ id: 'SsoLink' });
export type SsoLink = z.infer<typeof SsoLink>;
export const listSsoLinks = defineRoute({
  name: 'sso.links',
  method: 'GET',
  path: '/api/sso/providers/{slug}/links',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'List the accounts that are linked to a provider',
  params: BySlug,
  query: PageQuery,
  response: pageOf(SsoLink),
});
export const removeSsoLink = defineRoute({
  name: 'sso.unlink',
  method: 'DELETE',
  path: '/api/sso/providers/{slug}/links/{user}',
  tag: 'Single sign-on',
  access: 'sso.edit',
  summary: 'End the link of an account; the sessions made by it end',
  params: BySlug.extend({ user: Id }),
  response: z.object({ removed: z.literal(true) }),
});

/** An address of this site, with the slash in front. */
const Next = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be an address of this site');
export const listSsoChoices = defineRoute({
  name: 'auth.ssoChoices',
  method: 'GET',
  path: '/api/auth/sso',
  tag: 'Sign-in',
  access: 'open',
  summary: 'The providers through which one can sign in, in the order of their buttons',
  response: z.array(z.object({ slug: Slug, title: z.string() })),
});
export const beginSso = defineRoute({
  name: 'auth.ssoBegin',
  method: 'POST',
  path: '/api/auth/sso/{slug}/begin',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Begin a sign-in in this browser; answers where to send it. Good for ten minutes, once',
  params: BySlug,
  body: z.object({ next: Next.default('/') }),
  response: z.object({ location: z.string() }),
});
export const beginSsoLink = defineRoute({
  name: 'auth.ssoLink',
  method: 'POST',
  path: '/api/auth/sso/{slug}/link',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Begin to link my account to who I am at a provider; within ten minutes of signing in',
  params: BySlug,
  response: z.object({ location: z.string() }),
});
export const finishSso = defineRoute({
  name: 'auth.ssoCallback',
  method: 'GET',
  path: '/api/auth/sso/{slug}/callback',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Where the provider sends the browser back; answers 302 with the page to go on with, which says what went wrong if anything did',
  params: BySlug,
  // Providers add what they like.
  query: z.looseObject({
    state: z.string().max(500).optional(),
    code: z.string().max(10_000).optional(),
    iss: z.string().max(1_000).optional(),
    error: z.string().max(200).optional(),
    error_description: z.string().max(2_000).optional(),
  }),
  response: z.object({ location: z.string() }),
});
export const passSsoFactor = defineRoute({
  name: 'auth.ssoFactor',
  method: 'POST',
  path: '/api/auth/sso/second-factor',
  tag: 'Sign-in',
  access: 'open',
  summary: 'After a provider said who I am: give the code that is due; sets the session cookie',
  body: z.object({ code: z.string().trim().min(6).max(40) }),
  response: Me,
});
export const listMySsoLinks = defineRoute({
  name: 'auth.ssoLinks',
  method: 'GET',
  path: '/api/auth/sso/links',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'The providers that my account is linked to',
  response: z.array(z.object({ slug: Slug, title: z.string(), email: z.string().nullable(), linkedAt: Instant, lastSignInAt: Instant.nullable() })),
});
