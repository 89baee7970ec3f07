import { randomBytes } from 'node:crypto';
import { pooledRandomBytes } from './random-bytes.ts';

let lastMs = 0;
let counter = 0;

/** A UUIDv7 (RFC 9562): sorts by time, also within one millisecond of this process (12-bit counter in rand_a). */
export function newId(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const bytes = pooledRandomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An unguessable token: 32 random bytes in base64url (43 characters). */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}
