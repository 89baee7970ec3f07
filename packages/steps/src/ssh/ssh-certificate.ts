// OpenSSH user certificates (PROTOCOL.certkeys). ssh2 signs in with plain keys only: here its request is made for the certificate of its key instead.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Client, ParsedKey } from 'ssh2';

export interface SshCertificate {
  /** `ssh-ed25519-cert-v01@openssh.com` */
  type: string;
  blob: Buffer;
  /** The key that is certified, as it is written without a certificate. */
  publicKey: Buffer;
  keyId: string;
  principals: string[];
  /** null: from or for ever. */
  validAfter: Date | null;
  validBefore: Date | null;
}

const certificateForm = /^(?<type>(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521))-cert-v01@openssh\.com) (?<blob>[A-Za-z0-9+/]+={0,2})(?:\s.*)?$/;
/** How many strings of the public key stand between the nonce and the serial number. */
const keyParts: Readonly<Record<string, number>> = { 'ssh-ed25519': 1, 'ssh-rsa': 2 };
const userCertificate = 1;

/** @throws InvalidInput `ssh.certificate` */
export function readCertificate(text: string): SshCertificate {
  const { type, blob: encoded } = certificateForm.exec(text.trim())?.groups ?? {};
  if (type === undefined || encoded === undefined) throw unreadable('is none that OpenSSH writes');
  const blob = Buffer.from(encoded, 'base64');
  try {
    const reader = new BlobReader(blob);
    if (reader.text() !== type) throw unreadable('names two kinds of key');
    reader.bytes();
    const plainType = type.replace(/-cert-.*$/, '');
    const parts = Array.from({ length: keyParts[plainType] ?? 2 }, () => field(reader.bytes()));
    const publicKey = Buffer.concat([field(plainType), ...parts]);
    reader.long();
    const kind = reader.int();
    const keyId = reader.text();
    const principals = new BlobReader(reader.bytes()).texts();
    if (kind !== userCertificate) throw unreadable('is for a host, not for a user');
    return { type, blob, publicKey, keyId, principals, validAfter: instant(reader.long()), validBefore: instant(reader.long()) };
  } catch (thrown) {
    if (thrown instanceof RangeError) throw unreadable('ends too early');
    throw thrown;
  }
}

/** What may be wrong with a certificate that a host refused; undefined when nothing is seen from here. */
export function certificateDoubt(text: string, now: Date): string | undefined {
  const { validAfter, validBefore, keyId } = readCertificate(text);
  const clock = `by the clock of this machine it is ${now.toISOString()}`;
  if (validBefore && validBefore <= now) return `the certificate "${keyId}" ended at ${validBefore.toISOString()}; ${clock}.`;
  if (validAfter && validAfter > now) return `the certificate "${keyId}" begins at ${validAfter.toISOString()}; ${clock}.`;
  const until = validBefore ? ` until ${validBefore.toISOString()}` : '';
  return `the certificate "${keyId}" is valid${until} ${clock}: either the host does not trust it for this user, or its clock is wrong.`;
}

function unreadable(why: string): InvalidInput {
  return new InvalidInput('ssh.certificate', `The certificate ${why}.`, { hint: 'Paste the line of the file that ends with -cert.pub.' });
}

/** Seconds since 1970; 0 and the largest number stand for ever. */
function instant(seconds: bigint): Date | null {
  const ms = Number(seconds) * 1000;
  return seconds === 0n || ms > 8.64e15 ? null : new Date(ms);
}

/** RFC 4251, section 5. @throws RangeError at its end */
class BlobReader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  int(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }
  long(): bigint {
    this.#at += 8;
    return this.#bytes.readBigUInt64BE(this.#at - 8);
  }
  bytes(): Buffer {
    const length = this.int();
    if (this.#at + length > this.#bytes.length) throw new RangeError('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  text(): string {
    return this.bytes().toString('utf8');
  }
  texts(): string[] {
    const all: string[] = [];
    while (this.#at < this.#bytes.length) all.push(this.text());
    return all;
  }
}

/** What of ssh2 (1.17.0, pinned) is reached into: it has no public way to name the algorithm of a request apart from that of its signature. */
interface Ssh2Protocol {
  authPK(user: string, key: ParsedKey, algorithm: string | undefined, sign?: (data: Buffer, done: (signature: Buffer) => void) => void): void;
  _kex: { sessionID: Buffer };
  _authsQueue: string[];
  _packetRW: { write: { allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer } };
  _cipher: { encrypt(packet: Buffer): void };
}

const userAuthRequest = 50;

/** After `client.connect(…)`: its public key requests offer the certificate. */
export function signInWithCertificate(client: Client, text: string): void {
  const { type, blob } = readCertificate(text);
  const protocol = (client as unknown as { _protocol: Ssh2Protocol })._protocol;
  protocol.authPK = (user, key, algorithm, sign) => {
    const signatureAlgorithm = algorithm ?? key.type;
    // RSA names its hash: `rsa-sha2-512-cert-v01@openssh.com` with a signature `rsa-sha2-512`.
    const certificateAlgorithm = key.type === 'ssh-rsa' ? `${signatureAlgorithm}-cert-v01@openssh.com` : type;
    const request = Buffer.concat([
      Buffer.from([userAuthRequest]),
      field(user),
      field('ssh-connection'),
      field('publickey'),
      Buffer.from([sign ? 1 : 0]),
      field(certificateAlgorithm),
      field(blob),
    ]);
    if (!sign) return send(protocol, request);
    sign(Buffer.concat([field(protocol._kex.sessionID), request]), (signature) => {
      const proof = Buffer.concat([field(signatureAlgorithm), field(wireSignature(signature, key.type))]);
      send(protocol, Buffer.concat([request, field(proof)]));
    });
  };
}

function send(protocol: Ssh2Protocol, payload: Buffer): void {
  const { write } = protocol._packetRW;
  const packet = write.alloc(payload.length);
  packet.set(payload, write.allocStart);
  protocol._authsQueue.push('publickey');
  protocol._cipher.encrypt(write.finalize(packet));
}

/** ECDSA: Node signs in DER (RFC 3279), SSH wants the two numbers as mpints (RFC 5656, 3.1.2), which are what DER holds. */
function wireSignature(signature: Buffer, keyType: string): Buffer {
  if (!keyType.startsWith('ecdsa-')) return signature;
  const start = (signature[1] ?? 0) > 0x80 ? 3 : 2;
  const first = signature.subarray(start + 2, start + 2 + (signature[start + 1] ?? 0));
  const second = signature.subarray(start + 2 + first.length + 2);
  return Buffer.concat([field(first), field(second)]);
}

/** Length and bytes, as SSH writes strings. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
