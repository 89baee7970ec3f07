// Whether a call of a webhook comes from who knows its secret. Comparisons take the same time wherever texts differ.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { NotSignedIn } from '@tidewheel/contract/errors';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** The part of a webhook's settings that says how callers prove themselves; see webhook.trigger.ts. */
export interface ProofSettings {
  mode: 'standard' | 'hmac' | 'bearer' | 'basic';
  signatureHeader: string;
  signaturePrefix: string;
  signatureEncoding: 'hex' | 'base64';
  idHeader?: string | undefined;
  user?: string | undefined;
}

export interface Proof {
  settings: ProofSettings;
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** Those that count now. */
  secrets: string[];
}

/** What makes the call the same as an earlier one; null: every call is one of its own. @throws NotSignedIn `trigger.proof` */
export function verifyCall(proof: Proof): string | null {
  switch (proof.settings.mode) {
    case 'standard':
      return verifyStandard(proof);
    case 'hmac':
      return verifyHmac(proof);
    case 'bearer':
      return verifyBearer(proof);
    case 'basic':
      return verifyBasic(proof);
  }
}

/** https://www.standardwebhooks.com: the id is signed with the body, and the time may differ from ours by five minutes. */
function verifyStandard({ headers, body, secrets }: Proof): string {
  const given = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
  let why = 'No matching signature found';
  for (const secret of secrets) {
    try {
      // As latin1 the bytes of the body would be others: it is taken as the text that was signed.
      new Webhook(secret).verify(body, given, { jsonParse: false });
      return `id ${headers['webhook-id']}`;
    } catch (thrown) {
      if (!(thrown instanceof WebhookVerificationError)) throw thrown;
      why = thrown.message;
    }
  }
  throw unproven(standardReasons[why] ?? why);
}

const standardReasons: Record<string, string> = {
  'Missing required headers': 'webhook-id, webhook-timestamp and webhook-signature are needed',
  'No matching signature found': 'the signature does not fit',
  'Message timestamp too old': 'its webhook-timestamp is more than five minutes ago: the clock of the sender is slow, or the call was sent before',
  'Message timestamp too new': 'its webhook-timestamp is more than five minutes ahead: the clock of the sender is fast',
  'Invalid Signature Headers': 'its webhook-timestamp is not a number of seconds',
};

/** The signature says which call it is: only who knows the secret can make another. */
function verifyHmac({ settings, headers, body, secrets }: Proof): string {
  const { signatureHeader, signaturePrefix, signatureEncoding } = settings;
  const header = headers[signatureHeader.toLowerCase()];
  if (header === undefined) throw unproven(`the header ${signatureHeader} is missing`);
  if (!header.startsWith(signaturePrefix)) throw unproven(`the header ${signatureHeader} does not begin with ${signaturePrefix}`);
  const given = header.slice(signaturePrefix.length);
  for (const secret of secrets) {
    const made = createHmac('sha256', secret).update(body).digest();
    if (sameText(made.toString(signatureEncoding), signatureEncoding === 'hex' ? given.toLowerCase() : given)) return `signature ${made.toString('base64')}`;
  }
  throw unproven('the signature does not fit');
}

function verifyBearer({ settings, headers, secrets }: Proof): string | null {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (!secrets.some((secret) => sameText(secret, token))) throw unproven('the Authorization header has no token, or not the right one');
  return idOf(settings, headers);
}

function verifyBasic({ settings, headers, secrets }: Proof): string | null {
  const [, packed = ''] = /^Basic +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const given = Buffer.from(packed, 'base64').toString('utf8');
  if (!secrets.some((secret) => sameText(`${settings.user ?? ''}:${secret}`, given)))
    throw unproven('the Authorization header has no name and password, or not the right ones');
  return idOf(settings, headers);
}

function idOf({ idHeader }: ProofSettings, headers: Proof['headers']): string | null {
  const id = idHeader === undefined ? undefined : headers[idHeader.toLowerCase()];
  return id === undefined || id === '' ? null : `id ${id}`;
}

/** By their hashes, which have one length. */
function sameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function unproven(why: string): NotSignedIn {
  return new NotSignedIn('trigger.proof', `This call does not prove where it comes from: ${why}.`, {
    hint: 'Compare the secret and the way it is used with the settings of the trigger; its test shows a call that works.',
  });
}
