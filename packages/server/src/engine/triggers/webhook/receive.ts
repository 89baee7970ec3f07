// A call of a webhook: who it is for, whether it may, whether it came before, and the run that it starts.
import { createHash } from 'node:crypto';
import { type AppError, Conflict, NotFound, TooLarge, TooMany, toAppError } from '@tidewheel/contract/errors';
import { Id } from '@tidewheel/contract/identifiers';
import { finalRunStates } from '@tidewheel/contract/run';
import { newId } from '../../../base/ids.ts';
import type { FiringTrigger } from '../firing.store.ts';
import { type Judged, judge, type Occurrence, ownerOf } from '../firing.ts';
import { skipped } from '../keep-firings.ts';
import type { TriggerDeps } from '../trigger-deps.ts';
import { countAgain, insertEvents } from '../trigger-events.store.ts';
import { bodyOf } from './hook-body.ts';
import { HookLoader } from './hook-loader.ts';
import { HookRates } from './hook-rates.ts';
import { RefusalNotes } from './refusal-notes.ts';
import { findOutcome, type Outcome } from './run-outcome.store.ts';
import { type ProofSettings, verifyCall } from './verify.ts';

export interface HookCall {
  id: string;
  headers: Record<string, string | undefined>;
  query: Record<string, string>;
  body: { type: string; bytes: Buffer };
  /** Ends when the caller goes away. */
  signal: AbortSignal;
}

/** As the schema of webhook.trigger.ts gives it. */
interface HookSettings extends ProofSettings {
  body: 'auto' | 'json' | 'form' | 'text';
  headers: string[];
  maxBytes: number;
  perSecond: number;
  answer: 'async' | 'sync';
  waitSeconds: number;
}

export interface HookAnswer {
  /** 200 where nothing is left to be done, else 202. */
  status: 200 | 202;
  event: string;
  run: string | null;
  number: number | null;
  duplicate: boolean;
  state: string | null;
  output: Record<string, unknown> | null;
}

/** Callers that wait for the end of a run, in this process. */
const mostWaiting = 200;
/** Calls that are being recorded, in this process: with more of them each would only wait longer, and hold its body in memory meanwhile. */
const mostAtOnce = 1_000;
const lookEveryMs = 150;

export class Hooks {
  readonly #deps: TriggerDeps;
  readonly #loader: HookLoader;
  readonly #rates = new HookRates();
  readonly #refusals: RefusalNotes;
  readonly #mostAtOnce: number;
  #atOnce = 0;
  #waiting = 0;

  constructor(deps: TriggerDeps, limits: { mostAtOnce?: number } = {}) {
    this.#deps = deps;
    this.#mostAtOnce = limits.mostAtOnce ?? mostAtOnce;
    this.#loader = new HookLoader(deps);
    this.#refusals = new RefusalNotes({ runner: deps.databases.enginePool, log: deps.log });
  }

  /** @throws NotFound, NotSignedIn, TooMany, TooLarge, InvalidInput, Conflict, NotAllowed */
  async receive(call: HookCall): Promise<HookAnswer> {
    // Before anything is looked up: a flood costs as little as it can.
    this.#refuseExcess();
    const isCounted = this.#rates.takeKnown(call.id);
    const trigger = Id.safeParse(call.id).success ? await this.#loader.find(call.id) : undefined;
    if (trigger?.kind !== 'webhook' || trigger.archived_at !== null) throw unknownHook();
    const settings = trigger.config as unknown as HookSettings;
    this.#rates.takeFound(trigger.id, { perSecond: settings.perSecond, isCounted });
    try {
      return await this.#take(call, { trigger, settings });
    } catch (thrown) {
      this.#noteRefusal(trigger, toAppError(thrown));
      throw thrown;
    }
  }

  async #take(call: HookCall, { trigger, settings }: { trigger: FiringTrigger; settings: HookSettings }): Promise<HookAnswer> {
    const answer = await this.#amongOthers(() => this.#record(call, { trigger, settings }));
    return settings.answer === 'sync' && answer.run !== null ? this.#untilOver(answer, { settings, signal: call.signal }) : answer;
  }

  #refuseExcess(): void {
    if (this.#atOnce >= this.#mostAtOnce) throw tooBusy();
  }

  async #amongOthers<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseExcess();
    this.#atOnce += 1;
    try {
      return await work();
    } finally {
      this.#atOnce -= 1;
    }
  }

  async #record(call: HookCall, { trigger, settings }: { trigger: FiringTrigger; settings: HookSettings }): Promise<HookAnswer> {
    refuseState(trigger);
    refuseLarge(call, settings);
    const proven = verifyCall({ settings, headers: call.headers, body: call.body.bytes, secrets: await this.#loader.secretsOf(trigger) });
    const occurrence = occurrenceOf(call, { settings, proven });
    const judged = await judge(this.#deps, trigger, occurrence);
    return this.#keep(judged, { trigger, occurrence });
  }

  async #keep(judged: Judged, { trigger, occurrence }: { trigger: FiringTrigger; occurrence: Occurrence }): Promise<HookAnswer> {
    const pool = this.#deps.databases.enginePool;
    const { event } = judged;
    if (judged.kind === 'rests') {
      await insertEvents(pool, [event]);
      if (judged.error) throw judged.error;
      return answerOf({ event: event.id });
    }
    const started = await this.#deps.starter.add({ ...judged.start, event });
    if (started === 'existing') return this.#again(trigger, occurrence);
    if (started === 'skipped') {
      await insertEvents(pool, [skipped(event)]);
      throw new Conflict('run.overlap', `The flow "${trigger.flow}" is running already, and its \`overlap\` says that further starts are skipped meanwhile.`);
    }
    if (started.held && judged.cancelsBefore) await this.#deps.starter.cancelBefore(ownerOf(trigger), judged.start.run);
    return answerOf({ event: event.id, run: started.id, number: started.number });
  }

  async #again({ id }: FiringTrigger, { key }: Occurrence): Promise<HookAnswer> {
    const found = await countAgain(this.#deps.databases.enginePool, { trigger: id, key });
    // The event of a run that is older than the history is kept.
    if (!found) return answerOf({ event: newId(), duplicate: true });
    return answerOf({ event: found.id, run: found.run, number: found.number, duplicate: true });
  }

  async #untilOver(answer: HookAnswer, { settings, signal }: { settings: HookSettings; signal: AbortSignal }): Promise<HookAnswer> {
    if (this.#waiting >= mostWaiting || answer.run === null) return answer;
    this.#waiting += 1;
    try {
      const until = Date.now() + settings.waitSeconds * 1000;
      let outcome: Outcome | undefined;
      do {
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
        outcome = await findOutcome(this.#deps.databases.enginePool, answer.run);
        if (outcome && finalRunStates.includes(outcome.state)) return { ...answer, status: 200, state: outcome.state, output: outcome.output };
      } while (Date.now() < until && !signal.aborted);
      return { ...answer, state: outcome?.state ?? null };
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What has an event of its own is noted there already. */
  #noteRefusal({ id, workspace_id }: FiringTrigger, { code, message, status }: AppError): void {
    if (status >= 500 || !own.has(code)) return;
    this.#refusals.note({ workspaceId: workspace_id, trigger: id, code, reason: message });
  }

  async close(): Promise<void> {
    this.#loader.close();
    await this.#refusals.close();
  }
}

const own: ReadonlySet<string> = new Set(['trigger.proof', 'trigger.body', 'trigger.paused', 'trigger.no_secret_yet', 'trigger.too_large']);

function answerOf({
  event,
  run = null,
  number = null,
  duplicate = false,
}: {
  event: string;
  run?: string | null;
  number?: number | null;
  duplicate?: boolean;
}): HookAnswer {
  return { status: duplicate ? 200 : 202, event, run, number, duplicate, state: null, output: null };
}

function occurrenceOf({ headers, query, body }: HookCall, { settings, proven }: { settings: HookSettings; proven: string | null }): Occurrence {
  const kept = settings.headers.map((name) => name.toLowerCase()).flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  const event = {
    id: proven?.startsWith('id ') ? proven.slice(3, 503) : '',
    body: bodyOf({ as: settings.body, ...body }),
    headers: Object.fromEntries(kept),
    query,
    receivedAt: new Date().toISOString(),
  };
  return { key: proven === null ? `call ${newId()}` : keyOf(proven), title: 'A call', event, files: [], depth: 0 };
}

/** An id may be as long as its sender likes. */
function keyOf(proven: string): string {
  return proven.length <= 400 ? proven : `${proven.slice(0, 300)} ${createHash('sha256').update(proven).digest('hex')}`;
}

function refuseState({ slug, paused_at }: FiringTrigger): void {
  if (paused_at !== null)
    throw new Conflict('trigger.paused', `The webhook "${slug}" is paused and takes nothing.`, { hint: 'Send it again when it goes on.' });
}

function refuseLarge({ body }: HookCall, { maxBytes }: HookSettings): void {
  if (body.bytes.length <= maxBytes) return;
  throw new TooLarge(
    'trigger.too_large',
    `The body has ${body.bytes.length.toLocaleString('en')} bytes; this webhook takes ${maxBytes.toLocaleString('en')}.`,
    {
      hint: 'Send where the data is instead, and let a step of the flow fetch it.',
    },
  );
}

function tooBusy(): TooMany {
  return new TooMany('trigger.busy', 'More calls of webhooks come at this moment than can be recorded.', {
    hint: 'Send it again in a second; under the same id it fires once.',
    details: { retryAfterSeconds: 1 },
  });
}

function unknownHook(): NotFound {
  return new NotFound('trigger.no_hook', 'There is nothing at this address.');
}
