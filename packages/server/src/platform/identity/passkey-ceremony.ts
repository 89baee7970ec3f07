// The one file that knows @simplewebauthn/server: what a browser is asked to sign, and whether it did (Web Authentication Level 3, 7.1 and 7.2).

import type { CreationOptions, NewCredential, RequestOptions, SignedChallenge } from '@tidewheel/contract/routes/passkeys';
import type { RelyingParty } from './passkey-site.ts';
import type { StoredPasskey } from './passkeys.store.ts';

type Known = { id: string; transports: string[] };

export const challengeMinutes = 5;
const timeout = challengeMinutes * 60_000;
/** EdDSA, ES256, RS256 (COSE numbers). The library's own choice has one more, which Node calls experimental. */
const algorithms = [-8, -7, -257];

/** It takes a while to load and most processes never need it. */
const load = () => import('@simplewebauthn/server');

export async function creationOptions({
  site,
  user,
  known,
}: {
  site: RelyingParty;
  user: { id: string; email: string; name: string };
  known: Known[];
}): Promise<CreationOptions> {
  const { generateRegistrationOptions } = await load();
  const options = await generateRegistrationOptions({
    rpName: 'Tidewheel',
    rpID: site.id,
    userID: handleOf(user.id),
    userName: user.email,
    userDisplayName: user.name,
    timeout,
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: known,
    // Security keys without room or without a PIN are welcome: they serve after the password.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  return options as CreationOptions;
}

export async function requestOptions({ site, known }: { site: RelyingParty; known: Known[] | null }): Promise<RequestOptions> {
  const { generateAuthenticationOptions } = await load();
  // Alone it stands for both factors, so the device must make sure who holds it. After the password its possession is enough.
  const userVerification = known === null ? 'required' : 'preferred';
  const options = await generateAuthenticationOptions({ rpID: site.id, timeout, userVerification, allowCredentials: known ?? [] });
  return { allowCredentials: [], ...options } as RequestOptions;
}

export interface MadePasskey {
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  backedUp: boolean;
}

/** Null when the library refuses it; `log` gets why. */
export async function readNewCredential(
  credential: NewCredential,
  { site, challenge, log }: { site: RelyingParty; challenge: string; log: (error: unknown) => void },
): Promise<MadePasskey | null> {
  if (isFramed(credential.response.clientDataJSON)) return null;
  const { verifyRegistrationResponse } = await load();
  const checks = {
    supportedAlgorithmIDs: algorithms,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.id,
    requireUserVerification: false,
  };
  const { verified, registrationInfo } = await verifyRegistrationResponse({ response: credential as never, ...checks }).catch((error: unknown) => {
    log(error);
    return { verified: false as const, registrationInfo: undefined };
  });
  if (!verified || !registrationInfo) return null;
  const { id, publicKey, counter } = registrationInfo.credential;
  return { credentialId: id, publicKey: Buffer.from(publicKey), counter, backedUp: registrationInfo.credentialBackedUp };
}

/** Null when the signature, the site, the challenge, the counter or the person's presence is not as it must be; `log` gets why. */
export async function readSignature(
  signed: SignedChallenge,
  {
    site,
    challenge,
    passkey,
    isAlone,
    log,
  }: { site: RelyingParty; challenge: string; passkey: StoredPasskey; isAlone: boolean; log: (error: unknown) => void },
): Promise<{ counter: number; backedUp: boolean } | null> {
  if (isFramed(signed.response.clientDataJSON)) return null;
  const { verifyAuthenticationResponse } = await load();
  const credential = { id: passkey.credentialId, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter, transports: passkey.transports };
  const checks = { expectedChallenge: challenge, expectedOrigin: site.origin, expectedRPID: site.id, requireUserVerification: isAlone };
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({ response: signed as never, credential, ...checks });
    return verified ? { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp } : null;
  } catch (error) {
    log(error);
    return null;
  }
}

/** The challenge that the browser says it signed; the signature over it is not checked yet. */
export function challengeIn(clientDataJson: string): string | undefined {
  const { challenge } = clientData(clientDataJson);
  return typeof challenge === 'string' && challenge.length <= 200 ? challenge : undefined;
}

/** Inside a page of others: ours is never there, and the library looks at this only where the browser names that page. */
function isFramed(clientDataJson: string): boolean {
  const { crossOrigin = false } = clientData(clientDataJson);
  return crossOrigin !== false;
}

function clientData(json: string): { challenge?: unknown; crossOrigin?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(json, 'base64url').toString('utf8'))) as { challenge?: unknown; crossOrigin?: unknown };
  } catch {
    return {};
  }
}

/** What devices keep of the user: the id's bytes, which say nothing of the person. */
export function handleOf(userId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(userId.replaceAll('-', ''), 'hex'));
}

export function isHandleOf(handle: string, userId: string): boolean {
  return Buffer.from(handle, 'base64url').equals(handleOf(userId));
}
