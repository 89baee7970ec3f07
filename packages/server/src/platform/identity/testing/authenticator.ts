// A security key in software (Web Authentication Level 3, 6.1 and 6.5.4): one ES256 credential, and every lie that a test needs.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

interface Lies {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
}
interface SignatureLies extends Lies {
  credentialId?: string;
  /** Base64url; null: none is sent. */
  userHandle?: string | null;
  counter?: number;
  isVerified?: boolean;
  isForged?: boolean;
}

const flags = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };
const encode = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

export class Authenticator {
  readonly id = encode(randomBytes(32));
  /** Zero: a device that does not count. */
  counter = 1;
  backedUp = true;
  #userHandle = '';
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #coseKey: Buffer;

  constructor(origin: string) {
    this.#origin = origin;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#privateKey = privateKey;
    // CBOR {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    this.#coseKey = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ]);
  }

  /** What navigator.credentials.create answers. */
  create(options: { challenge: string; rp: { id: string }; user: { id: string } }, lies: Lies = {}) {
    this.#userHandle = options.user.id;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.#coseKey]);
    const authData = this.#authData({ rpId: lies.rpId ?? options.rp.id, counter: this.counter, bits: flags.verified | flags.attested, rest: attested });
    // CBOR {"fmt": "none", "attStmt": {}, "authData": bytes}
    const size = Buffer.alloc(2);
    size.writeUInt16BE(authData.length);
    const head = Buffer.concat([Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'), size]);
    return {
      ...this.#outside(this.id),
      response: {
        clientDataJSON: this.#clientData({ type: 'webauthn.create', challenge: options.challenge, ...lies }),
        attestationObject: encode(Buffer.concat([head, authData])),
        transports: ['internal'],
      },
    };
  }

  /** What navigator.credentials.get answers. */
  sign(options: { challenge: string; rpId: string }, lies: SignatureLies = {}) {
    if (this.counter > 0) this.counter++;
    const clientDataJSON = this.#clientData({ type: 'webauthn.get', challenge: options.challenge, ...lies });
    const bits = lies.isVerified === false ? 0 : flags.verified;
    const authData = this.#authData({ rpId: lies.rpId ?? options.rpId, counter: lies.counter ?? this.counter, bits });
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    const signature = sign('sha256', lies.isForged ? randomBytes(32) : signed, this.#privateKey);
    const userHandle = lies.userHandle === undefined ? this.#userHandle : lies.userHandle;
    return {
      ...this.#outside(lies.credentialId ?? this.id),
      response: { clientDataJSON, authenticatorData: encode(authData), signature: encode(signature), ...(userHandle === null ? {} : { userHandle }) },
    };
  }

  #outside(id: string) {
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  #clientData({ type, challenge, origin = this.#origin, crossOrigin = false }: Lies & { type: string; challenge: string }): string {
    return encode(JSON.stringify({ type, challenge, origin, crossOrigin }));
  }

  #authData({ rpId, counter, bits, rest = Buffer.alloc(0) }: { rpId: string; counter: number; bits: number; rest?: Buffer }): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const own = flags.present | (this.backedUp ? flags.backupEligible | flags.backedUp : 0);
    return Buffer.concat([sha256(rpId), Buffer.from([own | bits]), count, rest]);
  }
}
