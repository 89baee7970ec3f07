// One POST of JSON to where a channel leads, and what its answer means: whether it is worth trying again, and when.
import { InvalidInput, NotAllowed, TooMany, Unreachable } from '@tidewheel/contract/errors';
import { createEgressFetch } from '@tidewheel/kit/egress/egress-fetch';

/** Whoever hangs is left after this; it is tried again later. */
const patienceMs = 10_000;
const longestRestSeconds = 3_600;
const post = createEgressFetch({ timeoutMs: patienceMs, maxBytes: 200_000, maxRedirects: 0 });

export interface Posting {
  url: string;
  body: string;
  headers?: Record<string, string>;
  signal: AbortSignal;
  /** What the far side is called in messages; the address itself may be a secret. */
  name: string;
}

export interface Posted {
  status: number;
  text: string;
}

/** @returns the answer when its status is 2xx. @throws TooMany with `details.retryAfterSeconds`, Unreachable, NotAllowed, InvalidInput */
export async function postJson({ url, body, headers = {}, signal, name }: Posting): Promise<Posted> {
  const answer = await post(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    redirect: 'manual',
    signal,
  });
  const text = (await answer.text()).slice(0, 1_000);
  if (answer.ok) return { status: answer.status, text };
  throw refusal({ name, status: answer.status, text, retryAfter: answer.headers.get('retry-after') });
}

function refusal({ name, status, text, retryAfter }: { name: string; status: number; text: string; retryAfter: string | null }): Error {
  const said = `${name} answered ${status}${text.trim() === '' ? '' : `: ${text.trim().slice(0, 300)}`}`;
  if (status === 429) return slowDown(said, retryAfter);
  if (status === 401 || status === 403)
    return new NotAllowed('channel.refused', said, { hint: 'Check the secret of the channel, and whether it was withdrawn.' });
  if (status === 408 || status === 425 || status >= 500) return new Unreachable('channel.unavailable', said, { hint: 'It is tried again by itself.' });
  return new InvalidInput('channel.rejected', said, { hint: 'Check the address of the channel; what is sent does not fit there.' });
}

/** @param retryAfter seconds or an HTTP date (RFC 9110 section 10.2.3) */
export function slowDown(said: string, retryAfter: string | null): TooMany {
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : (Date.parse(retryAfter ?? '') - Date.now()) / 1_000;
  const retryAfterSeconds = Number.isFinite(seconds) ? Math.min(longestRestSeconds, Math.max(1, Math.ceil(seconds))) : 30;
  return new TooMany('channel.slow_down', said, { hint: `The channel rests for ${retryAfterSeconds} s.`, details: { retryAfterSeconds } });
}
