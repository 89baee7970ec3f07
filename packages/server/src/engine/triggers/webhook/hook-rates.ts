// How often each webhook may be called: a bucket of its own in this process, judged before anything is looked up once its rate is known.
import { TooMany } from '@tidewheel/contract/errors';

interface Bucket {
  perSecond: number;
  tokens: number;
  at: number;
}

const mostBuckets = 10_000;

export class HookRates {
  readonly #buckets = new Map<string, Bucket>();

  /** @returns whether the call is counted: its webhook was called before. @throws TooMany */
  takeKnown(id: string): boolean {
    const bucket = this.#buckets.get(id);
    if (bucket) take(bucket);
    return bucket !== undefined;
  }

  /** Of a webhook that was just looked up: what it is set to, for a call that is not counted yet if need be. @throws TooMany */
  takeFound(id: string, { perSecond, isCounted }: { perSecond: number; isCounted: boolean }): void {
    const bucket = this.#buckets.get(id) ?? this.#made(id, perSecond);
    bucket.perSecond = perSecond;
    if (!isCounted) take(bucket);
  }

  #made(id: string, perSecond: number): Bucket {
    if (this.#buckets.size >= mostBuckets) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    const bucket = { perSecond, tokens: burstOf(perSecond), at: performance.now() };
    this.#buckets.set(id, bucket);
    return bucket;
  }
}

function burstOf(perSecond: number): number {
  return Math.max(1, 2 * perSecond);
}

function take(bucket: Bucket): void {
  const now = performance.now();
  bucket.tokens = Math.min(burstOf(bucket.perSecond), bucket.tokens + ((now - bucket.at) / 1000) * bucket.perSecond);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return;
  }
  const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / bucket.perSecond));
  throw new TooMany('trigger.too_often', 'This webhook is called more often than it was set up for.', {
    hint: `Wait ${seconds} s; whoever looks after the trigger sets its rate.`,
    details: { retryAfterSeconds: seconds },
  });
}
