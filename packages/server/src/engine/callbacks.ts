// The addresses at which others answer a run: they carry the proof that the run itself gave them away.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** With what addresses prove themselves, and how they look. */
export interface Callbacks {
  key: Buffer;
  addressOf(run: string): string;
}

const proofBytes = 18;
const idBytes = 16;

/**
 * `<origin>/api/callbacks/<run and its proof>`; a step that waits for a callback adds its name.
 * @param origin where this installation is reached, as far as it is known at that moment
 */
export function callbackAddresses({ key, origin }: { key: Buffer; origin: () => string }): { addressOf(run: string): string } {
  return { addressOf: (run) => `${origin()}/api/callbacks/${Buffer.concat([bytesOf(run), proofOf(key, run)]).toString('base64url')}` };
}

/** @returns the run whose token it is; null when it is none of ours */
export function runOfToken(token: string, key: Buffer): string | null {
  const bytes = Buffer.from(token, 'base64url');
  // Base64 is read leniently: other texts stand for the same bytes, and only the one that was handed out is the token.
  if (bytes.length !== idBytes + proofBytes || bytes.toString('base64url') !== token) return null;
  const run = idOf(bytes.subarray(0, idBytes));
  return timingSafeEqual(bytes.subarray(idBytes), proofOf(key, run)) ? run : null;
}

function proofOf(key: Buffer, run: string): Buffer {
  return createHmac('sha256', key).update(run).digest().subarray(0, proofBytes);
}
function bytesOf(run: string): Buffer {
  return Buffer.from(run.replaceAll('-', ''), 'hex');
}
function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
