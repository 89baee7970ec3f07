import { z } from 'zod';
import { Id } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

/** Six digits of the device, or a recovery code. */
export const FactorCode = z.string().trim().min(6).max(40);
const Proof = z.object({ password: z.string().min(1).max(128), code: FactorCode });
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()).describe('Shown this once; each works once') });

export const showSecondFactor = defineRoute({
  name: 'secondFactor.show',
  method: 'GET',
  path: '/api/auth/second-factor',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Whether I have a second factor',
  response: z.object({ on: z.boolean(), required: z.boolean(), recoveryCodesLeft: z.number().int() }),
});
export const beginSecondFactor = defineRoute({
  name: 'secondFactor.begin',
  method: 'POST',
  path: '/api/auth/second-factor',
  tag: 'Sign-in',
  access: 'signedIn',
  status: 201,
  summary: 'Get a secret for my device; it counts once a first code proved it',
  body: z.object({ password: z.string().min(1).max(128) }),
  response: z.object({ secret: z.string().describe('Base32'), uri: z.string().describe('otpauth address, for a QR code') }),
});
export const confirmSecondFactor = defineRoute({
  name: 'secondFactor.confirm',
  method: 'POST',
  path: '/api/auth/second-factor/confirm',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Switch my second factor on with a first code; my other sessions end',
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
  body: Proof,
  response: RecoveryCodes,
});
export const removeSecondFactor = defineRoute({
  name: 'secondFactor.remove',
  method: 'POST',
  path: '/api/auth/second-factor/remove',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Switch my second factor off, where my role does not require it',
  body: Proof,
  response: z.object({ removed: z.literal(true) }),
});
export const resetSecondFactor = defineRoute({
  name: 'user.resetSecondFactor',
  method: 'DELETE',
  path: '/api/users/{id}/second-factor',
  tag: 'Sign-in',
  access: 'user.edit',
  summary: "Switch a user's second factor off, as for a lost device; the user's sessions end",
  params: z.object({ id: Id }),
  response: z.object({ removed: z.boolean() }),
});
