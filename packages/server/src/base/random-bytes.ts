// Random bytes for ids and salts, taken from the generator many at once: one call to it costs 7 us, which a run pays three times. Never for keys and tokens: what
// was taken stays in memory until it is used.
import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafeSlow(8_192);
let used = pool.length;

/** A copy, each time of other bytes. At most as many as the pool has. */
export function pooledRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return Buffer.from(pool.subarray(used - count, used));
}
