import { z } from 'zod';
import { Role, Rule, RuleSource } from '../access.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { defineRoute, permissions } from '../route.ts';
import { keyLimits } from './service-accounts.ts';

export const Me = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    emailVerified: z.boolean(),
    secondFactor: z.enum(['on', 'off', 'required']).describe('`required`: nothing is allowed until it is set up'),
    role: Role,
    permissions: z.array(z.enum(permissions)).describe('Held on at least some objects'),
    sources: z.array(RuleSource).describe('Where they come from and on which objects they hold'),
    workspace: z.object({ id: Id, slug: Slug, title: z.string() }),
    workspaces: z.array(z.object({ slug: Slug, title: z.string() })).describe('All that you can enter, this one too'),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof Me>;
export const User = z
  .object({
    id: Id,
    email: z.string(),
    name: z.string(),
    role: Role,
    secondFactor: z.boolean(),
    createdAt: Instant,
    lastSeenAt: Instant.nullable(),
    suspendedAt: Instant.nullable(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;
export const Session = z
  .object({
    id: Id,
    createdAt: Instant,
    expiresAt: Instant,
    lastSeenAt: Instant.nullable(),
    address: z.string().nullable(),
    agent: z.string().nullable(),
    kind: z.enum(['web', 'api']).describe('api: of a program, with access and refresh tokens'),
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;
/** At least 12 characters: length is what counts (NIST SP 800-63B). */
export const Password = z.string().min(12, 'must have at least 12 characters').max(128);

export const signIn = defineRoute({
  name: 'auth.signIn',
  method: 'POST',
  path: '/api/auth/sign-in',
  tag: 'Identity',
  access: 'open',
  summary: 'Sign in with e-mail and password; sets the session cookie',
  body: z.object({
    email: z.email().max(254),
    password: z.string().min(1).max(128),
    code: z.string().trim().min(6).max(40).optional().describe('Of the second factor, or a recovery code'),
  }),
  response: Me,
});
export const signOut = defineRoute({
  name: 'auth.signOut',
  method: 'POST',
  path: '/api/auth/sign-out',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'End this session',
  response: z.object({
    ended: z.boolean(),
    continueAt: z.string().nullable().describe('Where a browser goes on to sign out at the identity provider too'),
  }),
});
export const whoAmI = defineRoute({
  name: 'auth.me',
  method: 'GET',
  path: '/api/auth/me',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'Who am I',
  response: Me,
});
/** A one-time link: the first administrator's, or an invitation. */
export const showLink = defineRoute({
  name: 'auth.link',
  method: 'GET',
  path: '/api/auth/links/{token}',
  tag: 'Identity',
  access: 'open',
  summary: 'What a one-time link is for',
  params: z.object({ token: z.string().min(20).max(100) }),
  response: z.object({ purpose: z.enum(['first-administrator', 'invitation', 'registration']), email: z.string().nullable(), role: Role, expiresAt: Instant }),
});
export const acceptLink = defineRoute({
  name: 'auth.acceptLink',
  method: 'POST',
  path: '/api/auth/links/{token}',
  tag: 'Identity',
  access: 'open',
  status: 201,
  summary: 'Use a one-time link: makes the account and signs in',
  params: z.object({ token: z.string().min(20).max(100) }),
  body: z.object({ email: z.email().max(254), name: z.string().min(1).max(200), password: Password }),
  response: Me,
});
export const listUsers = defineRoute({
  name: 'user.list',
  method: 'GET',
  path: '/api/users',
  tag: 'Identity',
  access: 'user.read',
  summary: 'List the users of this workspace',
  response: z.array(User),
});
export const Invitation = z.object({ id: Id, email: z.string(), role: Role, expiresAt: Instant, createdBy: z.string() }).meta({ id: 'Invitation' });
export const inviteUser = defineRoute({
  name: 'user.invite',
  method: 'POST',
  path: '/api/invitations',
  tag: 'Identity',
  access: 'user.edit',
  status: 201,
  summary: 'Invite a person by mail; without a mail server the answer holds the one-time link, once',
  body: z.object({ email: z.email().max(254), role: Role }),
  response: Invitation.extend({ link: z.string().nullable().describe('null when it was mailed'), mailed: z.boolean() }),
});
export const listInvitations = defineRoute({
  name: 'user.invitations',
  method: 'GET',
  path: '/api/invitations',
  tag: 'Identity',
  access: 'user.read',
  summary: 'List open invitations',
  response: z.array(Invitation),
});
export const revokeInvitation = defineRoute({
  name: 'user.uninvite',
  method: 'DELETE',
  path: '/api/invitations/{id}',
  tag: 'Identity',
  access: 'user.edit',
  summary: 'Revoke an invitation',
  params: z.object({ id: Id }),
  response: z.object({ revoked: z.boolean() }),
});
export const setRole = defineRoute({
  name: 'user.setRole',
  method: 'PATCH',
  path: '/api/users/{id}',
  tag: 'Identity',
  access: 'user.edit',
  summary: "Change a user's role",
  params: z.object({ id: Id }),
  body: z.object({ role: Role }),
  response: User,
});
export const listSessions = defineRoute({
  name: 'session.list',
  method: 'GET',
  path: '/api/auth/sessions',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'List my sessions',
  response: z.array(Session),
});
export const revokeSession = defineRoute({
  name: 'session.revoke',
  method: 'DELETE',
  path: '/api/auth/sessions/{id}',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'End one of my sessions',
  params: z.object({ id: Id }),
  response: z.object({ ended: z.boolean() }),
});
/** For the command line and scripts: a bearer token of our own, shown once and stored as a hash. */
export const ApiToken = z
  .object({
    id: Id,
    title: z.string(),
    createdAt: Instant,
    expiresAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    lastUsedAddress: z.string().nullable(),
    prefix: z.string().nullable().describe('The first characters of its secret'),
    scope: z.array(Rule).nullable().describe('What of your rights it carries; null: all of them'),
    networks: z.array(z.string()).nullable().describe('From where it may be used; null: from everywhere'),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;
export const createToken = defineRoute({
  name: 'token.create',
  method: 'POST',
  path: '/api/auth/tokens',
  tag: 'Identity',
  access: 'signedIn',
  status: 201,
  summary: 'Create an API token for myself; answers with its secret, once',
  body: z.object({ title: z.string().min(1).max(100), days: z.number().int().min(1).max(366).default(90), ...keyLimits }),
  response: ApiToken.extend({ token: z.string() }),
});
export const listTokens = defineRoute({
  name: 'token.list',
  method: 'GET',
  path: '/api/auth/tokens',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'List my API tokens',
  response: z.array(ApiToken),
});
export const revokeToken = defineRoute({
  name: 'token.revoke',
  method: 'DELETE',
  path: '/api/auth/tokens/{id}',
  tag: 'Identity',
  access: 'signedIn',
  summary: 'Revoke an API token',
  params: z.object({ id: Id }),
  response: z.object({ revoked: z.boolean() }),
});
