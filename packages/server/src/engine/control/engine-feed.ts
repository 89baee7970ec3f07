// The status of the engine as it changes: one look per process and interval, however many follow.
import type { EngineStatus } from '@tidewheel/contract/routes/engine';
import type { Actor } from '../../base/actor.ts';
import type { ControlService } from './control.service.ts';

/** A sign of life alone is told so seldom. */
const beatStepMs = 10_000;

type Look = Awaited<ReturnType<ControlService['look']>>;

export class EngineFeed {
  readonly #control: ControlService;
  readonly #everyMs: number;
  #look: { at: number; answer: Promise<Look> } | null = null;

  constructor({ control, everyMs }: { control: ControlService; everyMs: number }) {
    this.#control = control;
    this.#everyMs = everyMs;
  }

  /** At once, then whenever something of it has changed. Ends when the reader may not listen any more, or the signal is aborted. @throws NotAllowed */
  async *follow({ reader, signal }: { reader(): Promise<Actor | null>; signal: AbortSignal }): AsyncGenerator<EngineStatus> {
    for (let told = ''; !signal.aborted; await pause(this.#everyMs, signal)) {
      const actor = await reader();
      if (!actor) return;
      const status = this.#control.view(actor, await this.#shared());
      const news = newsIn(status);
      if (news !== told) yield status;
      told = news;
    }
  }

  #shared(): Promise<Look> {
    const now = performance.now();
    // Followers came at different moments: half an interval is new enough for all of them.
    if (this.#look === null || now - this.#look.at > this.#everyMs / 2) {
      const answer = this.#control.look();
      this.#look = { at: now, answer };
      answer.catch(() => {
        this.#look = null;
      });
    }
    return this.#look.answer;
  }
}

/** What makes it another one: everything but the clock. */
function newsIn({ at: _at, workers, ...rest }: EngineStatus): string {
  return JSON.stringify([rest, workers.map((worker) => ({ ...worker, beatAt: Math.floor(Date.parse(worker.beatAt) / beatStepMs) }))]);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
