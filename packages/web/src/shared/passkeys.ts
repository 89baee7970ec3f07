// What the browser does for passkeys. The library is loaded when it is needed.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { CreationOptions, NewCredential, RequestOptions, SignedChallenge } from '@tidewheel/contract/routes/passkeys';

const load = () => import('@simplewebauthn/browser');

/** @param origin the address at which passkeys work; this page must have been opened there */
export function passkeysWorkHere(origin: string | null | undefined): boolean {
  return origin === window.location.origin && window.isSecureContext && 'PublicKeyCredential' in window;
}

export async function makePasskey(optionsJSON: CreationOptions): Promise<NewCredential> {
  const { startRegistration } = await load();
  const made = await startRegistration({ optionsJSON: optionsJSON as Parameters<typeof startRegistration>[0]['optionsJSON'] }).catch(explain);
  return { ...made, clientExtensionResults: {} };
}

/** `inField`: offered among what the browser fills into the e-mail field, for as long as the page is open. */
export async function askPasskey(optionsJSON: RequestOptions, { inField = false } = {}): Promise<SignedChallenge> {
  const { startAuthentication } = await load();
  const asked = { optionsJSON: optionsJSON as Parameters<typeof startAuthentication>[0]['optionsJSON'], useBrowserAutofill: inField };
  const signed = await startAuthentication(asked).catch(explain);
  return { ...signed, clientExtensionResults: {} };
}

export async function canOfferInField(): Promise<boolean> {
  return (await load()).browserSupportsWebAuthnAutofill();
}

export async function stopOffering(): Promise<void> {
  (await load()).WebAuthnAbortService.cancelCeremony();
}

function explain(cause: unknown): never {
  const { name, message } = cause as Error;
  if (name === 'NotAllowedError' || name === 'AbortError')
    throw new InvalidInput('passkey.not_used', 'No passkey was used: the question was closed, took too long, or this device has none for this site.', {
      hint: 'Try again.',
      cause,
    });
  if (name === 'InvalidStateError')
    throw new InvalidInput('passkey.known', 'This device has a passkey of yours for this site already.', { hint: 'Use another device.', cause });
  throw new InvalidInput('passkey.browser', `The browser could not do it: ${message}`, { cause });
}
