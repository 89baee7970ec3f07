// How often somebody may call: buckets in memory, whose rates the processes of an installation share by demand (rate-shares.ts).
import { TooMany } from '@tidewheel/contract/errors';
import type { Route } from '@tidewheel/contract/route';
import type { RateClass, Rates } from '@tidewheel/contract/routes/security';
import type { Actor } from '../../base/actor.ts';
import type { Call } from '../../base/endpoint.ts';
import { networkOf } from '../../platform/identity/network.ts';
import type { RateShares } from '../../platform/security/rate-shares.ts';
import { TokenBuckets, type Verdict } from './token-buckets.ts';

export interface RateGuard {
  /** Before it is known who calls. @throws TooMany for open routes, and for addresses that kept coming with credentials that are none */
  enter(route: Route, call: Call): void;
  /** Whoever has no valid credential, or calls what is not there, is counted by his address. @throws TooMany */
  refused(call: Call): void;
  /** @throws TooMany */
  admitted(route: Route, actor: Actor, call: Call): void;
  /** A bucket for the messages of one live channel: true while they may come. */
  messages(): () => boolean;
}

export interface RateGuardOptions {
  rates(): Rates;
  shares?: RateShares | undefined;
  onRefused?: ((policy: RateClass) => void) | undefined;
  now?: () => number;
}

const mostKeys = 100_000;
const forgetAfterMs = 600_000;

export function createRateGuard({ rates, shares, onRefused, now = () => performance.now() }: RateGuardOptions): RateGuard {
  const buckets = new TokenBuckets({ mostKeys });
  let swept = now();
  shares?.countBy((least) => buckets.countAsked((key) => least(rates()[classOf(key)])));
  const take = (policy: RateClass, key: string, call: Call) => {
    const at = now();
    if (at - swept > forgetAfterMs) {
      buckets.forget(at - forgetAfterMs);
      swept = at;
    }
    const share = shares?.of(key) ?? 1;
    const verdict = buckets.take(key, rates()[policy], { now: at, share });
    tell({ policy, burst: rates()[policy].burst, perSecond: rates()[policy].perSecond, verdict, call });
    if (verdict.allowed) return;
    onRefused?.(policy);
    throw tooMany(verdict);
  };
  return {
    enter(route, call) {
      const address = networkOf(call.address);
      if (route.access === 'open' && route.cost !== 'own') return take('open', `open ${address}`, call);
      const failed = `open ! ${address}`;
      if (buckets.isEmpty(failed, rates().open, { now: now(), share: shares?.of(failed) ?? 1 })) take('open', failed, call);
    },
    refused: (call) => take('open', `open ! ${networkOf(call.address)}`, call),
    admitted(route, actor, call) {
      const who = principalOf(actor);
      take('signedIn', `signedIn ${who}`, call);
      if (route.cost === 'expensive') take('expensive', `expensive ${who}`, call);
    },
    messages() {
      const own = new TokenBuckets({ mostKeys: 1 });
      return () => own.take('', rates().messages, { now: now() }).allowed;
    },
  };
}

function classOf(key: string): RateClass {
  return key.slice(0, key.indexOf(' ')) as RateClass;
}

/** A user in the browser is one, each of his API tokens another: a busy script must not lock its owner out of the pages. */
function principalOf({ userId, label, kind, keyId }: Actor): string {
  return keyId === undefined ? `${kind ?? 'user'} ${userId ?? label}` : `key ${keyId}`;
}

/** draft-ietf-httpapi-ratelimit-headers: `q` requests in a window of `w` seconds; `r` remain, all of them again in `t` seconds. */
function tell(told: { policy: RateClass; burst: number; perSecond: number; verdict: Verdict; call: Call }): void {
  const { policy, burst, perSecond, verdict, call } = told;
  call.setHeader('ratelimit-policy', `"${policy}";q=${burst};w=${Math.max(1, Math.ceil(burst / perSecond))}`);
  call.setHeader('ratelimit', `"${policy}";r=${verdict.remaining};t=${Math.ceil(verdict.resetSeconds)}`);
}

function tooMany({ retryAfterSeconds }: Verdict): TooMany {
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return new TooMany('rate.limited', 'These are more requests than this installation takes from one caller.', {
    hint: `Wait ${seconds} s. Programs: read Retry-After and the RateLimit headers; an administrator sets the rates under Admin > Security.`,
    details: { retryAfterSeconds: seconds },
  });
}
