// Time-based one-time passwords (RFC 6238 over RFC 4226): SHA-1, 30 seconds, 6 digits, which is what authenticator apps have in common.
import { createHmac, timingSafeEqual } from 'node:crypto';

const stepSeconds = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Steps that a device's clock may be off, either way. */
const drift = 1;

export function stepAt(time: Date): number {
  return Math.floor(time.getTime() / 1_000 / stepSeconds);
}

export function totpCode({ secret, step, digits = 6 }: { secret: Buffer; step: number; digits?: number }): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac[mac.length - 1] ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step whose code this is, near `now`; undefined when it is none. */
export function matchingStep({ secret, code, now }: { secret: Buffer; code: string; now: Date }): number | undefined {
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const present = stepAt(now);
  const steps = Array.from({ length: 2 * drift + 1 }, (_, index) => present - drift + index);
  return steps.filter((step) => timingSafeEqual(Buffer.from(totpCode({ secret, step })), Buffer.from(code))).at(-1);
}

/** RFC 4648, without padding. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What a QR code for an authenticator app says. */
export function otpauthUri({ secret, email }: { secret: Buffer; email: string }): string {
  const label = encodeURIComponent(`Tidewheel:${email}`);
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=Tidewheel&algorithm=SHA1&digits=6&period=${stepSeconds}`;
}
