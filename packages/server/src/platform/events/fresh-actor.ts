// Who listens on a long connection, looked up again as it goes on: what somebody may see can change while he looks.
import type { Actor } from '../../base/actor.ts';

/** A role that is taken away counts after this at the latest, measured at the next thing to tell. */
const freshForMs = 2_000;

export class FreshActor {
  readonly #again: () => Promise<Actor | null>;
  readonly #freshForMs: number;
  #actor: Actor | null;
  #lookedAt = performance.now();
  #looking: Promise<Actor | null> | undefined;

  constructor(actor: Actor, { again, freshMs = freshForMs }: { again(): Promise<Actor | null>; freshMs?: number | undefined }) {
    this.#actor = actor;
    this.#again = again;
    this.#freshForMs = freshMs;
  }

  /** Null once nobody is signed in any more. @throws what looking him up throws */
  async now(): Promise<Actor | null> {
    if (performance.now() - this.#lookedAt <= this.#freshForMs) return this.#actor;
    this.#looking ??= this.#look();
    return this.#looking;
  }

  /** Asks whatever the time. */
  async look(): Promise<Actor | null> {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    return this.now();
  }

  async #look(): Promise<Actor | null> {
    try {
      this.#actor = await this.#again();
      this.#lookedAt = performance.now();
      return this.#actor;
    } finally {
      this.#looking = undefined;
    }
  }
}
