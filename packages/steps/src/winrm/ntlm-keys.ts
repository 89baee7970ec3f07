// The keys of NTLMv2 (MS-NLMP 3.3.2, 3.4.5): from a password and both sides' challenges to the keys that sign and seal.
import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';
import { Rc4 } from './rc4.ts';

export function hmacMd5(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
function md5(...parts: Uint8Array[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** NTOWFv2: what a domain controller keeps of a password, bound to its user. */
export function responseKey({ user, domain, password }: { user: string; domain: string; password: string }): Buffer {
  return hmacMd5(md4(utf16(password)), utf16(user.toUpperCase() + domain));
}

export interface Challenges {
  key: Buffer;
  serverChallenge: Uint8Array;
  clientChallenge: Uint8Array;
  /** A Windows FILETIME, little endian. */
  time: Uint8Array;
  targetInfo: Uint8Array;
}

export interface Responses {
  nt: Buffer;
  lm: Buffer;
  sessionBaseKey: Buffer;
}

/** ComputeResponse of NTLMv2. */
export function respond({ key, serverChallenge, clientChallenge, time, targetInfo }: Challenges): Responses {
  const temp = Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), time, clientChallenge, Buffer.alloc(4), targetInfo, Buffer.alloc(4)]);
  const proof = hmacMd5(key, serverChallenge, temp);
  return {
    nt: Buffer.concat([proof, temp]),
    lm: Buffer.concat([hmacMd5(key, serverChallenge, clientChallenge), clientChallenge]),
    sessionBaseKey: hmacMd5(key, proof),
  };
}

export type Direction = 'client' | 'server';

function magic(direction: Direction, purpose: 'signing' | 'sealing'): Buffer {
  const way = direction === 'client' ? 'client-to-server' : 'server-to-client';
  return Buffer.from(`session key to ${way} ${purpose} key magic constant\0`, 'latin1');
}

/** SIGNKEY and SEALKEY with extended session security and 128 bits. */
export function messageKeys(exportedKey: Uint8Array, direction: Direction): { signing: Buffer; sealing: Buffer } {
  return { signing: md5(exportedKey, magic(direction, 'signing')), sealing: md5(exportedKey, magic(direction, 'sealing')) };
}

/** Seals or opens the messages of one direction, in their order (MS-NLMP 3.4.3, 3.4.4.2, with key exchange). */
export class NtlmSealer {
  readonly #signing: Buffer;
  readonly #stream: Rc4;
  #sequence = 0;

  constructor(exportedKey: Uint8Array, direction: Direction) {
    const { signing, sealing } = messageKeys(exportedKey, direction);
    this.#signing = signing;
    this.#stream = new Rc4(sealing);
  }

  seal(message: Uint8Array): { signature: Buffer; sealed: Buffer } {
    const sealed = this.#stream.apply(message);
    return { sealed, signature: this.#sign(message) };
  }

  /** undefined when the signature is not of this message. */
  open({ signature, sealed }: { signature: Uint8Array; sealed: Uint8Array }): Buffer | undefined {
    const message = this.#stream.apply(sealed);
    return this.#sign(message).equals(signature) ? message : undefined;
  }

  #sign(message: Uint8Array): Buffer {
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32LE(this.#sequence++);
    const checksum = this.#stream.apply(hmacMd5(this.#signing, sequence, message).subarray(0, 8));
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), checksum, sequence]);
  }
}
