// Passkeys (Web Authentication Level 3): a key of a device signs in, alone or as the second factor after the password.
import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { Me } from './identity.ts';
import { FactorProof } from './second-factor.ts';

const Title = z.string().trim().min(1).max(100);
const base64Url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url');
const Transports = z.array(z.string().max(40)).max(10);
const CredentialId = base64Url(1_400);

export const Passkey = z
  .object({
    id: Id,
    title: z.string(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
    backedUp: z.boolean().describe('Kept on several devices by a provider, rather than on one'),
    usable: z.boolean().describe('false: made for another address of this server'),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof Passkey>;

const credential = {
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).optional(),
  clientExtensionResults: z.record(z.string().max(100), z.unknown()).describe('Not read'),
};
/** RegistrationResponseJSON of the standard. */
export const NewCredential = z
  .object({ ...credential, response: z.object({ clientDataJSON: base64Url(4_000), attestationObject: base64Url(40_000), transports: Transports.optional() }) })
  .meta({ id: 'NewCredential' });
export type NewCredential = z.output<typeof NewCredential>;
/** AuthenticationResponseJSON of the standard. */
export const SignedChallenge = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: base64Url(4_000),
      authenticatorData: base64Url(4_000),
      signature: base64Url(8_000),
      userHandle: base64Url(100).optional(),
    }),
  })
  .meta({ id: 'SignedChallenge' });
export type SignedChallenge = z.output<typeof SignedChallenge>;

const KnownCredential = z.object({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() });
/** PublicKeyCredentialCreationOptionsJSON of the standard, for `navigator.credentials.create`. */
const CreationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.number().int() })),
  timeout: z.number(),
  excludeCredentials: z.array(KnownCredential),
  authenticatorSelection: z.object({
    residentKey: z.enum(['discouraged', 'preferred', 'required']),
    requireResidentKey: z.boolean(),
    userVerification: z.enum(['discouraged', 'preferred', 'required']),
  }),
  attestation: z.literal('none'),
});
export type CreationOptions = z.output<typeof CreationOptions>;
/** PublicKeyCredentialRequestOptionsJSON of the standard, for `navigator.credentials.get`. */
const RequestOptions = z.object({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.number(),
  userVerification: z.enum(['discouraged', 'preferred', 'required']),
  allowCredentials: z.array(KnownCredential),
});
export type RequestOptions = z.output<typeof RequestOptions>;

export const listPasskeys = defineRoute({
  name: 'passkey.list',
  method: 'GET',
  path: '/api/auth/passkeys',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'List my passkeys, at most twenty',
  response: z.array(Passkey),
});
export const beginPasskey = defineRoute({
  name: 'passkey.begin',
  method: 'POST',
  path: '/api/auth/passkeys/options',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Get what my browser needs to make a passkey; answered once, within five minutes, by the same browser',
  body: FactorProof,
  response: CreationOptions,
});
export const addPasskey = defineRoute({
  name: 'passkey.add',
  method: 'POST',
  path: '/api/auth/passkeys',
  tag: 'Sign-in',
  access: 'signedIn',
  status: 201,
  summary: 'Add the passkey that my browser made; if it is my first second factor, my other sessions end',
  body: z.object({ title: Title, credential: NewCredential }),
  response: z.object({
    passkey: Passkey,
    recoveryCodes: z.array(z.string()).nullable().describe('Shown this once. null: those that I have go on working'),
  }),
});
export const renamePasskey = defineRoute({
  name: 'passkey.rename',
  method: 'PATCH',
  path: '/api/auth/passkeys/{id}',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Rename one of my passkeys',
  params: z.object({ id: Id }),
  body: z.object({ title: Title }),
  response: Passkey,
});
export const removePasskey = defineRoute({
  name: 'passkey.remove',
  method: 'POST',
  path: '/api/auth/passkeys/{id}/remove',
  tag: 'Sign-in',
  access: 'signedIn',
  summary: 'Remove one of my passkeys, unless my role requires a second factor and I have no other',
  params: z.object({ id: Id }),
  body: FactorProof,
  response: z.object({ removed: z.literal(true) }),
});
export const beginPasskeySignIn = defineRoute({
  name: 'auth.passkeyOptions',
  method: 'POST',
  path: '/api/auth/sign-in/passkey/options',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Get what my browser needs to sign in with a passkey; answered once, within five minutes, by the same browser',
  body: z.object({ secondFactor: z.boolean().default(false).describe('After the right password, in place of a code') }),
  response: RequestOptions,
});
export const passkeySignIn = defineRoute({
  name: 'auth.passkey',
  method: 'POST',
  path: '/api/auth/sign-in/passkey',
  tag: 'Sign-in',
  access: 'open',
  summary: 'Sign in with a passkey; sets the session cookie',
  body: z.object({ credential: SignedChallenge }),
  response: Me,
});
