import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

/** Six digits of the app or of a mail, or a recovery code. */
export const FactorCode = z.string().trim().min(6).max(40);
/** `app`: an authenticator app (RFC 6238). */
export const FactorMethod = z.enum(['app', 'email', 'passkey', 'recovery']);
export type FactorMethod = z.infer<typeof FactorMethod>;
/** What changing factors needs besides an open session. */
export const FactorProof = z
  .object({
    password: z.string().min(1).max(128).optional().describe('Not needed within ten minutes of signing in'),
    code: FactorCode.optional().describe('With the password, by those who have a second factor: of the app, or a recovery code'),
  })
  .meta({ id: 'FactorProof' });
export type FactorProof = z.input<typeof FactorProof>;
const RecoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).nullable().describe('Shown this once; each works once. null: those that I have go on working'),
});

export const showSecondFactor = defineRoute({
  name: 'secondFactor.show',
  method: 'GET',
  path: '/api/auth/second-factor',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Whether I have a second factor, and which',
  response: z.object({
    on: z.boolean(),
    required: z.boolean(),
    recoveryCodesLeft: z.number().int(),
    app: z.boolean(),
    email: z.object({
      on: z.boolean(),
      fault: z.enum(['not_allowed', 'not_confirmed', 'no_mail']).nullable().describe('Why no code can be mailed to me'),
    }),
    passkeys: z.number().int(),
    passkeyOrigin: z.string().nullable().describe('The address at which passkeys work; null: this server has no domain name, or no https'),
    recentSignIn: z.boolean().describe('Changes need no password just now'),
  }),
});
export const beginSecondFactor = defineRoute({
  name: 'secondFactor.begin',
  method: 'POST',
  path: '/api/auth/second-factor',
  tag: 'Sign-in',
  access: 'signedIn',
  status: 201,
  summary: 'Get a secret for my authenticator app; it counts once a first code proved it',
  body: FactorProof,
  response: z.object({ secret: z.string().describe('Base32'), uri: z.string().describe('otpauth address, for a QR code') }),
});
export const confirmSecondFactor = defineRoute({
  name: 'secondFactor.confirm',
  method: 'POST',
  path: '/api/auth/second-factor/confirm',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Switch the app on with a first code; if it is my first second factor, my other sessions end',
  body: z.object({ code: FactorCode }),
  response: RecoveryCodes,
});
export const renewRecoveryCodes = defineRoute({
  name: 'secondFactor.renewCodes',
  method: 'POST',
  path: '/api/auth/second-factor/recovery-codes',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Get new recovery codes; the old ones stop working',
  body: FactorProof,
  response: z.object({ recoveryCodes: z.array(z.string()).describe('Shown this once; each works once') }),
});
export const removeSecondFactor = defineRoute({
  name: 'secondFactor.remove',
  method: 'POST',
  path: '/api/auth/second-factor/remove',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Switch the app off, unless my role requires a second factor and I have no other',
  body: FactorProof,
  response: z.object({ removed: z.literal(true) }),
});
export const switchEmailCode = defineRoute({
  name: 'secondFactor.email',
  method: 'POST',
  path: '/api/auth/second-factor/email',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Switch codes by mail on or off; on needs a confirmed address and a mail server',
  body: FactorProof.extend({ on: z.boolean() }),
  response: RecoveryCodes,
});
export const resetSecondFactor = defineRoute({
  name: 'user.resetSecondFactor',
  method: 'DELETE',
  path: '/api/users/{id}/second-factor',
  tag: 'Sign-in',
  access: 'user.edit',
  summary: "Switch all of a user's second factors off, as for a lost device; the user's sessions end",
  params: z.object({ id: Id }),
  response: z.object({ removed: z.boolean() }),
});
export const mailCode = defineRoute({
  name: 'auth.mailCode',
  method: 'POST',
  path: '/api/auth/sign-in/email-code',
  tag: 'Sign-in',
  access: 'open',
  summary: 'After the right password: mail me the code that is due',
  description:
    'Goes by the cookie that came with `auth.second_factor_required`. The code is good for that sign-in alone, for ten minutes and five tries; a new one voids the one before.',
  response: z.object({ sentTo: z.string().describe('Mostly hidden'), expiresAt: Instant, left: z.number().int().describe('How often it can be sent again') }),
});
