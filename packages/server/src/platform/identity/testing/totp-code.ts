// What an authenticator app would show.
import { stepAt, totpCode } from '../totp.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of a base32 secret now, or that many steps of 30 s away. */
export function codeOf(secret: string, steps = 0): string {
  const bits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  return totpCode({ secret: bytes, step: stepAt(new Date()) + steps });
}
