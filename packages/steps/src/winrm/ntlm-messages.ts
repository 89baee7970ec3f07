// The three messages of NTLM (MS-NLMP 2.2.1) as this client sends and reads them, and the target information inside them (2.2.2.1).
import { Unreachable } from '@tidewheel/contract/errors';
import { utf16 } from './ntlm-keys.ts';

/** NegotiateFlags, 2.2.2.5. */
export const flag = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  bits128: 0x20000000,
  keyExchange: 0x40000000,
} as const;

export const wantedFlags =
  (flag.unicode |
    flag.requestTarget |
    flag.sign |
    flag.seal |
    flag.ntlm |
    flag.alwaysSign |
    flag.extendedSecurity |
    flag.targetInfo |
    flag.version |
    flag.bits128 |
    flag.keyExchange) >>>
  0;

/** AvIds, 2.2.2.1. */
export const av = { end: 0, flags: 6, timestamp: 7, targetName: 9, channelBindings: 10 } as const;

const signature = Buffer.from('NTLMSSP\0', 'latin1');
/** Windows 10 with revision 15, as every client says: its fields are for debugging only (2.2.2.10). */
const version = Buffer.from([10, 0, 0x63, 0x45, 0, 0, 0, 15]);

export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(40);
  signature.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(wantedFlags, 12);
  version.copy(message, 32);
  return message;
}

export interface Challenge {
  flags: number;
  serverChallenge: Buffer;
  targetInfo: Map<number, Buffer>;
}

/** @throws Unreachable when the bytes are no challenge */
export function readChallenge(message: Buffer): Challenge {
  if (message.length < 48 || !message.subarray(0, 8).equals(signature) || message.readUInt32LE(8) !== 2) throw notAChallenge();
  const length = message.readUInt16LE(40);
  const offset = message.readUInt32LE(44);
  if (offset + length > message.length) throw notAChallenge();
  return {
    flags: message.readUInt32LE(20),
    serverChallenge: message.subarray(24, 32),
    targetInfo: readPairs(message.subarray(offset, offset + length)),
  };
}

function notAChallenge(): Unreachable {
  return new Unreachable('winrm.ntlm', 'The host answered the sign-in by NTLM with something that is no challenge.', {
    hint: 'Check that WinRM listens there, and not a proxy.',
  });
}

function readPairs(bytes: Buffer): Map<number, Buffer> {
  const pairs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (id === av.end) return pairs;
    if (at + 4 + length > bytes.length) throw notAChallenge();
    pairs.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return pairs;
}

export function writePairs(pairs: ReadonlyMap<number, Buffer>): Buffer {
  const parts: Buffer[] = [];
  for (const [id, value] of [...pairs, [av.end, Buffer.alloc(0)] as const]) {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    parts.push(head, value);
  }
  return Buffer.concat(parts);
}

export interface AuthenticateFields {
  flags: number;
  lm: Buffer;
  nt: Buffer;
  domain: string;
  user: string;
  workstation: string;
  encryptedSessionKey: Buffer;
}

/** Where the message integrity code lies in an authenticate message. */
export const micOffset = 72;
const payloadOffset = 88;

/** With room for the MIC, all zero. */
export function authenticateMessage(fields: AuthenticateFields): Buffer {
  const head = Buffer.alloc(payloadOffset);
  signature.copy(head);
  head.writeUInt32LE(3, 8);
  const payload: Buffer[] = [];
  let offset = payloadOffset;
  const place = (at: number, value: Buffer) => {
    head.writeUInt16LE(value.length, at);
    head.writeUInt16LE(value.length, at + 2);
    head.writeUInt32LE(offset, at + 4);
    payload.push(value);
    offset += value.length;
  };
  place(28, utf16(fields.domain));
  place(36, utf16(fields.user));
  place(44, utf16(fields.workstation));
  place(12, fields.lm);
  place(20, fields.nt);
  place(52, fields.encryptedSessionKey);
  head.writeUInt32LE(fields.flags, 60);
  version.copy(head, 64);
  return Buffer.concat([head, ...payload]);
}
