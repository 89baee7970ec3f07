// Rules of signing in, passwords, and what ends sessions. Users, links and tokens are in identity.ts.
import { z } from 'zod';
import { Role } from '../access.ts';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { Password } from './identity.ts';

const LinkToken = z.object({ token: z.string().min(20).max(100) });
const Email = z.email().max(254);

export const SignInRules = z
  .object({
    minPasswordLength: z.number().int().min(12).max(64).describe('Passwords made from now on'),
    selfRegistration: z.boolean().describe('Whoever has an address that gets mail may make an account'),
    registrationRole: Role.refine((role) => role !== 'admin', 'must not be admin').describe('The role of an account that its owner made'),
    idleMinutes: z.number().int().min(5).max(10_080).describe('A session that nobody used for so long has ended'),
    secondFactorRoles: z.array(Role).max(100).describe('Whoever has one of these roles must set up a second factor'),
    emailCodeAllowed: z.boolean().describe('A code by mail counts as a second factor'),
    maxSessions: z.number().int().min(1).max(100).describe('The oldest sessions of a user beyond this number end'),
  })
  .meta({ id: 'SignInRules' });
export type SignInRules = z.infer<typeof SignInRules>;

export const showEntry = defineRoute({
  name: 'auth.entry',
  method: 'GET',
  path: '/api/auth/entry',
  tag: 'Sign-in',
  access: 'open',
  summary: 'What the sign-in page offers',
  response: z.object({
    minPasswordLength: z.number().int(),
    selfRegistration: z.boolean(),
    mail: z.boolean(),
    passkeyOrigin: z.string().nullable().describe('The address at which passkeys work; null: nowhere'),
  }),
});
export const showSignInRules = defineRoute({
  name: 'signInRules.show',
  method: 'GET',
  path: '/api/sign-in-rules',
  tag: 'Sign-in',
  access: 'user.read',
  summary: 'The rules of signing in',
  response: SignInRules,
});
export const updateSignInRules = defineRoute({
  name: 'signInRules.update',
  method: 'PATCH',
  path: '/api/sign-in-rules',
  tag: 'Sign-in',
  access: 'sign_in.edit',
  summary: 'Change some of the rules; they hold from the next request on',
  body: SignInRules.partial(),
  response: SignInRules,
});

export const changePassword = defineRoute({
  name: 'password.change',
  method: 'POST',
  path: '/api/auth/password',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Change my password; my other sessions end',
  body: z.object({ current: z.string().min(1).max(128), password: Password }),
  response: z.object({ ended: z.number().int().describe('Sessions that ended') }),
});
export const forgotPassword = defineRoute({
  name: 'password.forgot',
  method: 'POST',
  path: '/api/auth/forgotten-password',
  tag: 'Sign-in',
  access: 'open',
  status: 202,
  summary: 'Ask for a mail with a link to reset a password',
  description: 'Answers alike, and as fast, whether the address has an account. Mail goes to addresses that were confirmed.',
  body: z.object({ email: Email }),
  response: z.object({ accepted: z.literal(true) }),
});
export const showAccountLink = defineRoute({
  name: 'password.link',
  method: 'GET',
  path: '/api/auth/account-links/{token}',
  tag: 'Sign-in',
  access: 'open',
  summary: 'What a link to an account is for',
  params: LinkToken,
  response: z.object({ purpose: z.enum(['password-reset', 'email-verification', 'email-change']), email: z.string(), expiresAt: Instant }),
});
export const resetPassword = defineRoute({
  name: 'password.reset',
  method: 'POST',
  path: '/api/auth/account-links/{token}/password',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Set a new password with a link; every session of the account ends',
  params: LinkToken,
  body: z.object({ password: Password }),
  response: z.object({ ended: z.number().int() }),
});
export const verifyEmail = defineRoute({
  name: 'email.verify',
  method: 'POST',
  path: '/api/auth/account-links/{token}/verified',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Confirm an e-mail address with the link that was mailed to it',
  params: LinkToken,
  response: z.object({ verified: z.literal(true) }),
});
export const askVerification = defineRoute({
  name: 'email.askVerification',
  method: 'POST',
  path: '/api/auth/email-verification',
  tag: 'Sign-in',
  access: 'signedIn',
  status: 202,
  summary: 'Mail me a link that confirms my address',
  response: z.object({ accepted: z.literal(true) }),
});
export const register = defineRoute({
  name: 'auth.register',
  method: 'POST',
  path: '/api/auth/registrations',
  tag: 'Sign-in',
  access: 'open',
  status: 202,
  summary: 'Ask for a mail with a link to make an account, where an administrator allowed it',
  body: z.object({ email: Email }),
  response: z.object({ accepted: z.literal(true) }),
});
export const sendPasswordReset = defineRoute({
  name: 'user.resetPassword',
  method: 'POST',
  path: '/api/users/{id}/password-reset',
  tag: 'Sign-in',
  access: 'user.edit',
  status: 201,
  summary: 'Send a user a link to reset the password; without a mail server the answer holds it, once',
  params: z.object({ id: Id }),
  response: z.object({ email: z.string(), mailed: z.boolean(), link: z.string().nullable(), expiresAt: Instant }),
});
export const revokeMySessions = defineRoute({
  name: 'session.revokeMine',
  method: 'DELETE',
  path: '/api/auth/sessions',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'End all my sessions but this one',
  response: z.object({ ended: z.number().int() }),
});
export const revokeUserSessions = defineRoute({
  name: 'user.revokeSessions',
  method: 'DELETE',
  path: '/api/users/{id}/sessions',
  tag: 'Sign-in',
  access: 'user.edit',
  summary: "End all of a user's sessions and revoke the API tokens",
  params: z.object({ id: Id }),
  response: z.object({ ended: z.number().int(), revoked: z.number().int() }),
});
export const revokeAllSessions = defineRoute({
  name: 'session.revokeAll',
  method: 'DELETE',
  path: '/api/sessions',
  tag: 'Sign-in',
  access: 'user.edit',
  summary: "End everybody's sessions but this one",
  response: z.object({ ended: z.number().int() }),
});
