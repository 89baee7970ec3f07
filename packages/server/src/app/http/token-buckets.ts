// Token buckets in memory, many keys, judged without waiting for anything.
import type { Rate } from '@tidewheel/contract/routes/security';

export interface Verdict {
  allowed: boolean;
  /** Whole requests that would be let through now. */
  remaining: number;
  /** Until the next request is let through; 0 when it was. */
  retryAfterSeconds: number;
  /** Until the bucket is full again. */
  resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
  /** Asked for since the last count, let through or not. */
  asked: number;
}

/** A bucket of nobody who was here for a while is full, so it can be forgotten; when even that does not make room, the oldest goes. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #mostKeys: number;

  constructor({ mostKeys }: { mostKeys: number }) {
    this.#mostKeys = mostKeys;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** `share`: the part of the rate that is this process's. `now` in milliseconds, growing. */
  take(key: string, { perSecond, burst }: Rate, { now, share = 1 }: { now: number; share?: number }): Verdict {
    const bucket = this.#find(key, burst * share, now);
    const rate = perSecond * share;
    const most = Math.max(1, burst * share);
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    bucket.at = now;
    bucket.asked += 1;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return {
      allowed,
      remaining: Math.floor(bucket.tokens),
      retryAfterSeconds: allowed ? 0 : (1 - bucket.tokens) / rate,
      resetSeconds: (most - bucket.tokens) / rate,
    };
  }

  /** Whether a request would be refused, without counting it. */
  isEmpty(key: string, { perSecond }: Rate, { now, share = 1 }: { now: number; share?: number }): boolean {
    const bucket = this.#buckets.get(key);
    return bucket !== undefined && bucket.tokens + ((now - bucket.at) / 1000) * perSecond * share < 1;
  }

  /** How often each key asked since the last call; keys that asked less often than `least` are left out. */
  countAsked(least: (key: string) => number): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [key, bucket] of this.#buckets) {
      if (bucket.asked > 0 && bucket.asked >= least(key)) counts.set(key, bucket.asked);
      bucket.asked = 0;
    }
    return counts;
  }

  /** Forgets buckets that nobody used since `before`. */
  forget(before: number): void {
    for (const [key, { at }] of this.#buckets) if (at < before) this.#buckets.delete(key);
  }

  #find(key: string, burst: number, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size >= this.#mostKeys) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    const bucket: Bucket = { tokens: Math.max(1, burst), at: now, asked: 0 };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
