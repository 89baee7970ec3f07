// Signing in as a program: a short access token, and a refresh token that is exchanged for the next pair. Browsers keep their cookie.
import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

export const TokenPair = z
  .object({
    tokenType: z.literal('Bearer'),
    accessToken: z.string().describe('A JWT (RFC 9068 type at+jwt) for `Authorization: Bearer`; its content is for the server alone'),
    accessExpiresAt: Instant.describe('15 minutes after it was made'),
    refreshToken: z.string().describe('Works once'),
    refreshExpiresAt: Instant.describe('7 days after signing in; a refresh does not move it'),
  })
  .meta({ id: 'TokenPair' });
export type TokenPair = z.infer<typeof TokenPair>;

export const logIn = defineRoute({
  name: 'auth.login',
  method: 'POST',
  path: '/api/auth/login',
  tag: 'Tokens',
  access: 'open',
  summary: 'Sign in as a program: answers with an access token and a refresh token instead of setting a cookie',
  body: z.object({
    email: z.email().max(254),
    password: z.string().min(1).max(128),
    code: z.string().trim().min(6).max(40).optional().describe('Of the second factor, or a recovery code'),
  }),
  response: TokenPair,
});
export const refreshTokens = defineRoute({
  name: 'auth.refresh',
  method: 'POST',
  path: '/api/auth/refresh',
  tag: 'Tokens',
  access: 'open',
  summary: 'Exchange a refresh token for a new pair',
  description:
    'The refresh token that was used stops working at once. When it comes a second time, two hold it: the whole session ends, also for whoever refreshed first. There is no time of grace, so one process refreshes at a time.',
  body: z.object({ refreshToken: z.string().min(1).max(2_000) }),
  response: TokenPair,
});

/** 32 bytes in base64url. */
const Proof = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url');
export const allowTerminal = defineRoute({
  name: 'auth.terminal.allow',
  method: 'POST',
  path: '/api/auth/terminal',
  tag: 'Tokens',
  access: 'signedIn',
  summary: 'Let a terminal in from the browser in which one is signed in: answers with a code for it',
  description:
    'As an authorization code with PKCE (RFC 7636, S256): the code works once, within five minutes, and only for who has the verifier behind the challenge. Needs the session of a browser.',
  body: z.object({
    challenge: Proof.describe('SHA-256 of the verifier, in base64url'),
    title: z.string().trim().min(1).max(100).describe('What the terminal calls itself, for the audit trail'),
  }),
  response: z.object({ code: z.string(), expiresAt: Instant }),
});
export const enterTerminal = defineRoute({
  name: 'auth.terminal.enter',
  method: 'POST',
  path: '/api/auth/terminal/enter',
  tag: 'Tokens',
  access: 'open',
  summary: 'Exchange the code that a browser gave for the tokens of a session of its own',
  description:
    'The session began when that of the browser did, ends when that would have, and in any case with the link to the provider through which it was opened.',
  body: z.object({ code: Proof, verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/, 'must be 43 to 128 characters of A-Z, a-z, 0-9, ., _, ~, -') }),
  response: TokenPair,
});

export const Verification = z
  .discriminatedUnion('valid', [
    z.object({
      valid: z.literal(true),
      kind: z.enum(['session', 'access-token', 'api-token']),
      user: z.object({ id: Id, email: z.string() }),
      workspace: Id,
      expiresAt: Instant.nullable().describe('null: it has no end of its own'),
    }),
    z.object({ valid: z.literal(false) }),
  ])
  .meta({ id: 'Verification' });
export type Verification = z.infer<typeof Verification>;
export const verifyToken = defineRoute({
  name: 'auth.verify',
  method: 'GET',
  path: '/api/verify',
  tag: 'Tokens',
  access: 'open',
  summary: 'Say whether what comes with this request (Authorization header, else the cookie) is valid, and for whom',
  description: 'Answers 200 in either case. It tells nothing that the holder could not learn by using it, and why something is not valid it does not tell.',
  response: Verification,
});

export const revokeEverything = defineRoute({
  name: 'auth.revokeAll',
  method: 'POST',
  path: '/api/revoke-all',
  tag: 'Tokens',
  access: 'signedIn',
  summary: 'End all of my sessions, this one too; with `everybody` those of all people (needs sign_in.edit)',
  body: z.object({
    everybody: z.boolean().default(false).describe('Every session of the installation'),
    apiTokens: z.boolean().default(false).describe('Revoke API tokens too'),
  }),
  response: z.object({ ended: z.number().int().describe('Sessions'), revoked: z.number().int().describe('API tokens') }),
});
