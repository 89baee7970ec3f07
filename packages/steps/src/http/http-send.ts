// One request, sent again when that may help and can do no harm.
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, InvalidInput, TooMany, Unreachable } from '@tidewheel/contract/errors';
import type { StepLog } from '@tidewheel/kit/step-context';
import type { RequestBody } from './http-body.ts';
import type { HttpService } from './http-service.ts';

/** RFC 9110, 9.2.2. */
const idempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const passingStatus = new Set([408, 425, 429, 500, 502, 503, 504]);
const longestWaitMs = 120_000;

export interface Call {
  service: HttpService;
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: RequestBody | undefined;
  /** How often at most, the first time included. */
  attempts: number;
  /** Also requests that may do something twice. */
  retryUnsafe: boolean;
  /** Answers that are what was hoped for: they are not sent for again. */
  isExpected(status: number): boolean;
  signal: AbortSignal;
  log: StepLog;
}

/** Whatever the answer is. @throws what the way out throws, when attempts do not help */
export async function send(call: Call): Promise<Response> {
  const mayRepeat = call.retryUnsafe || idempotent.has(call.method);
  let isSignedInAgain = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(call, isSignedInAgain).catch((thrown: unknown) => thrown);
    call.signal.throwIfAborted();
    const isLast = attempt >= call.attempts || !mayRepeat;
    if (answer instanceof Response || isAnswer(answer)) {
      if (answer.status === 401 && call.service.renewsSignIn && !isSignedInAgain) {
        // The token was taken back before its time; the request was not carried out.
        isSignedInAgain = true;
        attempt -= 1;
        void answer.body?.cancel().catch(() => {});
        continue;
      }
      if (isLast || call.isExpected(answer.status) || !passingStatus.has(answer.status)) return answer;
      void answer.body?.cancel().catch(() => {});
      await pause(call, { attempt, why: `HTTP ${answer.status}`, asked: retryAfter(answer) });
    } else {
      if (isLast || !(answer instanceof AppError) || !answer.retryable) throw answer;
      await pause(call, { attempt, why: answer.message, asked: undefined });
    }
  }
}

function isAnswer(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && !(value instanceof Error);
}

async function once({ service, url, method, headers, body, signal }: Call, isAgain: boolean): Promise<Response> {
  const all = { ...(body ? { 'content-type': body.mediaType } : {}), ...service.headers, ...headers, ...(await service.signIn(signal, isAgain)) };
  const init = { method, headers: headersOf(all), signal, ...(body ? { body: body.content as NonNullable<RequestInit['body']> } : {}) };
  return service.fetch(url, init);
}

function headersOf(all: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(all)) {
    try {
      headers.set(name, value);
    } catch (cause) {
      throw new InvalidInput('http.header', `The header ${JSON.stringify(name.slice(0, 100))} holds what a header cannot.`, {
        hint: 'Headers are one line of Latin text.',
        cause,
      });
    }
  }
  return headers;
}

async function pause({ signal, log }: Call, { attempt, why, asked }: { attempt: number; why: string; asked: number | undefined }): Promise<void> {
  const grown = Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
  const ms = Math.round(asked ?? grown);
  if (ms > longestWaitMs)
    throw new TooMany('http.retry_after', `The service wants to be asked again in ${Math.round(ms / 1000)} s only.`, {
      hint: 'Let the flow wait (flow.sleep, retry), or call it less often.',
    });
  log.warn(`Attempt ${attempt}: ${why}. Again in ${Math.round(ms / 100) / 10} s.`);
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** RFC 9110, 10.2.3: seconds, or a date. */
export function retryAfter(answer: Pick<Response, 'headers'>, now = Date.now()): number | undefined {
  const text = answer.headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** What an answer that was not hoped for is to the engine: a server's fault may pass, ours will not. */
export function statusFailure({ status, url, excerpt }: { status: number; url: URL; excerpt: string }): AppError {
  const message = `${url.origin}${url.pathname} answers HTTP ${status}${excerpt ? `: ${excerpt}` : ''}.`;
  if (status === 429) return new TooMany('http.status', message, { details: { status } });
  if (status >= 500) return new Unreachable('http.status', message, { details: { status } });
  return new InvalidInput('http.status', message, {
    hint: 'Check path, parameters and sign-in, or say in `expect` that this answer is right.',
    details: { status },
  });
}
